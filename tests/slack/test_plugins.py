"""Plugins in Slack: on the Home tab, in their settings, for admins and for members; each click checked at the wire."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.deciders import Facts
from bot.domain.grant import Permission
from bot.domain.person import Person as Requester
from bot.emulator import payloads
from bot.engine.plugging import Plugging, Wish
from bot.slack.views import permissions, plugins
from tests.engine.tracker import UPGRADED
from tests.slack.conftest import Office, words_of
from tests.slack.mailbox import deliver

Given = dict[str, dict[str, Any]]
CREATE = "tracker_create_issue"


def who(office: Office, person: Any) -> Requester:
    return Requester(team=office.slack.workspace.team_id, user=person.id, name=person.id)


def shelved(office: Office, person: Any) -> Any:
    return Plugging(office.database, office.plugins, clock=office.clock).shelved(
        who(office, person), "tracker"
    )


def home(office: Office, person: Any, has: str) -> dict[str, Any]:
    """Their Home tab, once it says this."""

    def found() -> dict[str, Any] | None:
        view = person.home()
        return view if view and has in words_of(view) else None

    return office.eventually(found)


def press(person: Any, view: dict[str, Any], action_id: str) -> None:
    """The first button of this action id on a view."""
    for block in view["blocks"]:
        for one in [block.get("accessory") or {}, *(block.get("elements") or [])]:
            if one.get("action_id") == action_id:
                person.click({"type": "view", "view_id": view["id"]}, block["block_id"], action_id)
                return
    raise AssertionError(f"there is no {action_id}")


def picked(view: dict[str, Any], start: str, value: str) -> Given:
    """A choice in the input whose block begins so."""
    block = next(one for one in view["blocks"] if one["block_id"].startswith(start))
    element = block["element"]
    option = next(one for one in element["options"] if one["value"] == value)
    return {block["block_id"]: {element["action_id"]: {"type": element["type"], "selected_option": option}}}


def items(view: dict[str, Any], *values: str) -> Given:
    block = next(one["block_id"] for one in view["blocks"] if one["block_id"].startswith(permissions.ITEMS))
    options = [{"text": {"type": "plain_text", "text": value}, "value": value} for value in values]
    given = {"type": "multi_external_select", "selected_options": options}
    return {block: {permissions.ITEMS: given}}


def settings_of(office: Office, person: Any) -> dict[str, Any]:
    press(person, home(office, person, " actions: "), plugins.SETTINGS)
    return office.modal(person, "Tracker")


@pytest.fixture
def installed(office: Office) -> Office:
    press(office.mia, home(office, office.mia, "Install"), plugins.INSTALL)
    office.modal(office.mia, "Tracker")
    return office


def test_an_admin_installs_a_plugin_and_its_settings_open(installed: Office) -> None:
    view = installed.modal(installed.mia, "Tracker")

    assert shelved(installed, installed.mia).is_on
    assert "For everybody" in words_of(view)
    home(installed, installed.mia, "Not connected")
    installed.mia.close_view(view["id"])
    assert "5 actions: 2 on, 3 off · all repositories" in words_of(
        home(installed, installed.mia, "5 actions")
    )


def test_a_member_is_shown_no_install_and_is_told_who_can(office: Office) -> None:
    view = home(office, office.ben, "Available")

    said = words_of(view)
    assert f"<@{office.mia.id}>" in said and "can install" in said
    assert "Install" not in said.splitlines()
    with pytest.raises(AssertionError):
        press(office.ben, view, plugins.INSTALL)


def test_a_forged_click_of_a_member_installs_nothing_and_says_whom_to_ask(office: Office) -> None:
    view = home(office, office.ben, "Available")
    pressed = {"type": "button", "action_id": plugins.INSTALL, "block_id": "b", "value": "tracker"}
    surface = payloads.view_surface(office.slack.workspace.store.get("view", view["id"]))

    deliver(
        office.edge,
        payloads.block_actions(office.slack.workspace, office.ben.id, surface, pressed, {}, None),
    )

    assert office.eventually(
        lambda: [one for one in office.texts(office.ben.bot_dm) if "Only an admin" in one]
    )
    assert not shelved(office, office.ben).is_installed


def test_the_admin_chooses_by_kind_and_where(installed: Office) -> None:
    view = installed.modal(installed.mia, "Tracker")
    chosen = picked(view, "plugin_effect:team:create", "ask") | picked(view, "plugin_reach", "selected")

    answer = installed.mia.submit(view["id"], chosen | items(view, "acme/payments", "acme/front*"))

    assert answer["result"] == "closed"
    one = shelved(installed, installed.mia)
    assert one.team.permissions == {CREATE: Permission.ASK}
    assert one.team.scope == ("acme/payments", "acme/front*")
    home(installed, installed.mia, "2 on, 1 asked for each time, 2 off · acme/payments, acme/front*")
    said = words_of(settings_of(installed, installed.mia))
    assert "changed what it may do: create_issue: off → ask; scope: * → acme/payments, acme/front*" in said
    assert "installed it" in said


def test_selected_without_a_name_is_refused_at_its_field_and_changes_nothing(installed: Office) -> None:
    view = installed.modal(installed.mia, "Tracker")
    chosen = picked(view, "plugin_effect:team:create", "ask") | picked(view, "plugin_reach", "selected")

    answer = installed.mia.submit(view["id"], chosen)

    assert answer["errors"] == {"plugin_items:team": "Choose between 1 and 100, or all."}
    assert shelved(installed, installed.mia).team.permissions == {}


def test_what_is_chosen_one_by_one_is_shown_as_such_in_the_view_below(installed: Office) -> None:
    first = installed.modal(installed.mia, "Tracker")
    press(installed.mia, first, permissions.ONE_BY_ONE)
    view = installed.eventually(
        lambda: next(
            (v for v in [installed.mia.modal()] if v and v["callback_id"] == permissions.SINGLES), None
        )
    )

    installed.mia.submit(view["id"], picked(view, "plugin_tool:team:tracker_list_labels", "off"))

    below = installed.eventually(
        lambda: next(
            (v for v in [installed.mia.modal()] if v and "As chosen one by one" in words_of(v)), None
        )
    )
    assert below["id"] == first["id"]
    installed.mia.submit(below["id"], {})
    assert shelved(installed, installed.mia).team.permissions == {"tracker_list_labels": Permission.OFF}


def test_a_member_can_only_do_less_and_only_for_themselves(installed: Office) -> None:
    made = Plugging(installed.database, installed.plugins, clock=installed.clock)
    made.choose(who(installed, installed.mia), "tracker", Wish(scope=("acme/*",)), Facts(is_admin=True))
    view = settings_of(installed, installed.ben)

    said = words_of(view)
    assert "Only for the tasks that you ask for" in said and f"<@{installed.mia.id}>" in said
    assert "Create something new (1 action)*\nOff for everybody" in said
    assert "Uninstall" not in said
    chosen = picked(view, "plugin_effect:person:read", "off") | picked(view, "plugin_reach", "selected")
    refused = installed.ben.submit(view["id"], chosen | items(view, "other/secret"))
    assert refused["errors"] == {
        "plugin_items:person": "“other/secret” lies outside of what the admins chose for everybody."
    }
    installed.ben.submit(view["id"], chosen | items(view, "acme/payments"))

    one = shelved(installed, installed.ben)
    assert (one.own.scope, one.team.scope) == (("acme/payments",), ("acme/*",))
    assert "2 off" not in words_of(home(installed, installed.mia, "Tracker"))
    home(installed, installed.ben, "none on, 5 off · acme/payments")


def test_disable_is_for_everybody_by_an_admin_and_for_themselves_by_a_member(installed: Office) -> None:
    press(installed.ben, home(installed, installed.ben, "Disable for me"), plugins.DISABLE)
    home(installed, installed.ben, "Off for you")
    assert shelved(installed, installed.mia).is_on

    installed.mia.close_view(installed.modal(installed.mia, "Tracker")["id"])
    press(installed.mia, home(installed, installed.mia, "Disable"), plugins.DISABLE)
    home(installed, installed.mia, "Off for everybody")
    said = words_of(home(installed, installed.ben, "Off for everybody"))
    assert f"<@{installed.mia.id}> can enable it" in said and "Enable for me" not in said

    press(installed.mia, home(installed, installed.mia, "Enable"), plugins.ENABLE)
    home(installed, installed.mia, "· On")


def test_an_upgrade_shows_what_is_new_and_it_is_off_until_it_is_accepted(installed: Office) -> None:
    installed.mia.close_view(installed.modal(installed.mia, "Tracker")["id"])
    installed.plugins["tracker"] = UPGRADED

    view = settings_of(installed, installed.mia)
    said = words_of(view)
    assert "New in 1.1.0* (before: 1.0.0)" in said
    assert "• Invite person (send messages to people): Invite somebody to a repository." in said
    press(installed.mia, view, permissions.ACCEPT)

    installed.eventually(lambda: "New in" not in words_of(installed.mia.modal()))
    assert shelved(installed, installed.mia).unseen == ()


def test_uninstall_asks_first_and_forgets(installed: Office) -> None:
    view = installed.modal(installed.mia, "Tracker")
    [button] = [
        one
        for block in view["blocks"]
        for one in block.get("elements") or []
        if one.get("action_id") == permissions.UNINSTALL
    ]
    assert button["confirm"]["title"]["text"] == "Uninstall Tracker?"

    press(installed.mia, view, permissions.UNINSTALL)

    installed.eventually(lambda: "It is uninstalled" in words_of(installed.mia.modal()))
    home(installed, installed.mia, "Install")


def test_the_search_offers_what_is_typed_where_it_could_be(installed: Office) -> None:
    view = installed.modal(installed.mia, "Tracker")
    where = {"type": "view", "view_id": view["id"]}

    offered = installed.mia.suggest(where, "plugin_items:team", permissions.ITEMS, "acme/*")["options"]
    odd = installed.mia.suggest(where, "plugin_items:team", permissions.ITEMS, "acme/?")["options"]

    assert [(one["value"], one["description"]["text"]) for one in offered] == [
        ("acme/*", "all that begin so")
    ]
    assert odd == []


def test_settings_lists_every_plugin_with_the_way_to_its_own(installed: Office) -> None:
    installed.ben.command("reports", "/cowork settings")
    view = installed.modal(installed.ben, "Settings")
    assert "Tracker" in words_of(view)

    press(installed.ben, view, plugins.SETTINGS)

    own = installed.modal(installed.ben, "Tracker")
    assert own["previous_view_id"] == view["id"]
    installed.ben.submit(own["id"], picked(own, "plugin_effect:person:read", "off"))
    home(installed, installed.ben, "none on")
    assert installed.modal(installed.ben, "Settings")["id"] == view["id"]


def test_what_was_uninstalled_meanwhile_is_said_where_it_was_to_be_changed(installed: Office) -> None:
    view = installed.modal(installed.mia, "Tracker")
    made = Plugging(installed.database, installed.plugins, clock=installed.clock)
    made.uninstall(who(installed, installed.mia), "tracker", Facts(is_admin=True), lambda: None)

    answer = installed.mia.submit(view["id"], picked(view, "plugin_effect:team:create", "ask"))

    assert answer["errors"] == {"plugin_items:team": "Tracker is not installed (any more)."}


def test_the_set_up_is_three_steps_until_it_is_done_and_then_one_line(office: Office) -> None:
    said = words_of(home(office, office.ben, "Set up in three steps"))
    assert "☑ *1. Where I work*" in said and "☐ *2. Connect services* (optional)" in said

    press(office.ben, home(office, office.ben, "Get started"), "setup_begun")

    said = words_of(home(office, office.ben, "☑ Set up"))
    assert "three steps" not in said and "1 folder" in said
