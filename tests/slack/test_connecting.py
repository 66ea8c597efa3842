"""A service is connected with a form in Slack, looked through for what a scope can name, and disconnected."""

from __future__ import annotations

from typing import Any

import pytest

from bot.emulator import payloads, views
from bot.emulator.delivery import Timings
from bot.slack.views import accounts, connect, permissions, plugins
from bot.store.sealing import Seal
from tests.slack.conftest import Office, words_of
from tests.slack.mailbox import deliver
from tests.slack.test_plugins import home, installed, items, picked, press, settings_of, shelved, who

__all__ = ["installed"]

Given = dict[str, dict[str, Any]]


def typed(text: str) -> Given:
    given = {"type": "plain_text_input", "value": text}
    return {"connect_blank:token:0": {connect.BLANK: given}}


def shows(office: Office, person: Any, words: str) -> dict[str, Any]:
    """The view on top of their screen, once it says this."""

    def found() -> dict[str, Any] | None:
        view = person.modal()
        return view if view and words in words_of(view) else None

    return office.eventually(found)


def form(office: Office, person: Any) -> dict[str, Any]:
    press(person, home(office, person, "Not connected"), accounts.CONNECT)
    return shows(office, person, "Make one under Settings")


@pytest.fixture
def connected(installed: Office) -> Office:
    """By Ben, for himself."""
    installed.ben.submit(form(installed, installed.ben)["id"], typed("a-good-token"))
    installed.ben.close_view(shows(installed, installed.ben, "is connected")["id"])
    return installed


def test_a_token_is_tried_at_once_and_then_it_is_connected(installed: Office) -> None:
    view = form(installed, installed.ben)

    answer = installed.ben.submit(view["id"], typed("a-good-token"))

    assert answer["result"] == "updated"
    said = words_of(shows(installed, installed.ben, "is connected for you, as *octocat*"))
    assert "It can read issues." in said
    home(installed, installed.ben, "Connected as octocat (yours)")
    assert "Tracker: octocat · yours · 🟢 works" in words_of(home(installed, installed.ben, "Connections"))
    assert "Not connected" in words_of(home(installed, installed.mia, "1 more connected their own"))


def test_a_token_that_the_service_refuses_brings_the_form_again_without_it(installed: Office) -> None:
    view = form(installed, installed.ben)

    installed.ben.submit(view["id"], typed("wrong"))

    again = shows(installed, installed.ben, "Tracker did not take this")
    assert "Tracker does not know this token. Nothing was kept." in words_of(again)
    assert "wrong" not in str(again["blocks"]) + str(again["state"])
    assert "Not connected" in words_of(home(installed, installed.ben, "Tracker"))


def test_an_admin_chooses_whether_it_is_for_everybody(installed: Office) -> None:
    installed.mia.close_view(installed.modal(installed.mia, "Tracker")["id"])
    press(installed.mia, home(installed, installed.mia, "Not connected"), accounts.CONNECT)
    view = shows(installed, installed.mia, "How shall I connect")
    for_all = [one["accessory"] for one in view["blocks"] if "accessory" in one][-1]
    assert for_all["value"] == "tracker-team-token"
    block = next(one["block_id"] for one in view["blocks"] if one.get("accessory") == for_all)

    installed.mia.click({"type": "view", "view_id": view["id"]}, block, connect.WAY)
    installed.mia.submit(shows(installed, installed.mia, "Make one under")["id"], typed("a-good-token"))

    shows(installed, installed.mia, "is connected for everybody")
    said = words_of(home(installed, installed.ben, "Connected as octocat (everybody's)"))
    assert "everybody's · 🟢 works" in said


def test_a_member_cannot_connect_for_everybody_whatever_their_form_says(installed: Office) -> None:
    ws = installed.slack.workspace
    view = views.remember_state(ws, ws.store.get("view", form(installed, installed.ben)["id"]), typed("good"))
    forged = {**view, "private_metadata": "tracker-team-token:0"}

    deliver(installed.edge, payloads.view_submission(ws, installed.ben.id, forged, []))

    home(installed, installed.ben, "Not connected")
    assert "Not connected" in words_of(home(installed, installed.mia, "Tracker"))


def test_the_scope_is_searched_at_the_service_through_the_connection(connected: Office) -> None:
    view = settings_of(connected, connected.ben)
    where = {"type": "view", "view_id": view["id"]}

    offered = connected.ben.suggest(where, "plugin_items:person", permissions.ITEMS, "acme")["options"]

    assert [one["value"] for one in offered] == ["acme/payments", "acme/frontend", "acme"]
    chosen = picked(view, "plugin_reach", "selected") | items(view, "acme/payments")
    connected.ben.submit(view["id"], chosen)
    assert shelved(connected, connected.ben).own.scope == ("acme/payments",)


def test_disconnect_asks_first_and_then_it_is_gone(connected: Office) -> None:
    view = home(connected, connected.ben, "Connections")
    button = next(
        one["accessory"]
        for one in view["blocks"]
        if one.get("accessory", {}).get("action_id") == accounts.DISCONNECT
    )
    assert button["confirm"]["title"]["text"] == "Disconnect Tracker?"

    press(connected.ben, view, accounts.DISCONNECT)

    home(connected, connected.ben, "Not connected")
    assert connected.eventually(
        lambda: [one for one in connected.texts(connected.ben.bot_dm) if "is disconnected" in one]
    )


def test_uninstalled_its_connections_are_ended_too(connected: Office) -> None:
    press(connected.mia, connected.modal(connected.mia, "Tracker"), permissions.UNINSTALL)
    shows(connected, connected.mia, "It is uninstalled")
    connected.mia.close_view(connected.mia.modal()["id"])

    press(connected.mia, home(connected, connected.mia, "Install"), plugins.INSTALL)

    home(connected, connected.ben, "Not connected")


def test_the_command_opens_all_services_or_the_one_that_is_named(installed: Office) -> None:
    installed.ben.command("reports", "/cowork connect")
    view = installed.modal(installed.ben, "Connect a service")
    assert "Not connected" in words_of(view)
    installed.ben.close_view(view["id"])

    installed.ben.command("reports", "/cowork connect Tracker")
    shows(installed, installed.ben, "Make one under Settings")
    installed.ben.command("reports", "/cowork connect the dots of the reports")

    installed.shown("Queued: connect the dots of the reports")


def test_the_services_own_page_is_reached_by_a_link_of_ours_for_one_person_alone(installed: Office) -> None:
    installed.given["COWORK_TRACKER_CLIENT_ID"] = "cowork"
    press(installed.ben, home(installed, installed.ben, "Not connected"), accounts.CONNECT)
    view = shows(installed, installed.ben, "How shall I connect")
    assert f"<@{installed.mia.id}> can connect it for everybody" in words_of(view)
    block = next(
        one["block_id"]
        for one in view["blocks"]
        if one.get("accessory", {}).get("value") == "tracker-person-oauth"
    )

    installed.ben.click({"type": "view", "view_id": view["id"]}, block, connect.WAY)

    page = shows(installed, installed.ben, "Sign in to Tracker in your browser. It asks you to let me read.")
    [button] = [one for block in page["blocks"] for one in block.get("elements") or [] if "url" in one]
    assert button["url"].startswith("http://127.0.0.1:8080/connect/tracker/start/")
    assert "for you alone, works once, and for 10 minutes" in words_of(page)


def test_a_dead_token_is_shown_as_such_with_the_way_to_connect_again(connected: Office) -> None:
    reception = connected.reception
    ben = who(connected, connected.ben)
    used = reception.connections.current(ben.team, ben.user, "tracker", writes=False)
    reception.connections.refused(ben.team, ben.user, used, "Tracker does not know this token.")

    view = home(connected, connected.ben, "⚠️ Needs sign-in: octocat (yours)")

    assert "octocat · yours · ⚠️ needs sign-in" in words_of(view)
    [button] = [
        one
        for block in view["blocks"]
        for one in block.get("elements") or []
        if one.get("action_id") == accounts.CONNECT
    ]
    assert (button["text"]["text"], button["accessibility_label"]) == ("Reconnect", "Reconnect: Tracker")


def test_without_a_key_of_the_operator_the_form_is_not_shown_and_the_remedy_is(tmp_path: Any) -> None:
    office = Office(tmp_path, Timings(ack=3.0, retries=(0.0,), file_share=0.02), seal=Seal(()))
    office.start()
    press(office.mia, home(office, office.mia, "Install"), plugins.INSTALL)
    office.modal(office.mia, "Tracker")

    press(office.ben, home(office, office.ben, "Not connected"), accounts.CONNECT)

    shows(office, office.ben, "COWORK_SECRET_KEY is not set")
    office.stop()
