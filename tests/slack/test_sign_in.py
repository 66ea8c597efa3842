"""A thread asks for the sign-in that its task needs: of the right person, with the reason, and until it is made."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.connectors.signed_in import Grant, SignIns
from bot.connectors.signing import Signing
from bot.domain import connected
from bot.domain.connected import TEAM, Connected, Wanted, name_of
from bot.domain.connector import Connector, Transport
from bot.emulator import payloads, triggers
from bot.services.hiding import LearningVeil
from bot.slack.listeners.sign_in import THEIRS
from bot.slack.views import connectors, sign_in
from bot.slack.views.connect import PAGE
from bot.store import outbox
from bot.store.outbox import PostKind
from tests.slack.conftest import SEAL, Office, words_of
from tests.slack.mailbox import deliver
from tests.slack.test_connecting import shows
from tests.slack.test_connectors import operator
from tests.slack.test_plugins import home, installed, press, who

__all__ = ["installed"]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OCTOCAT = Connected(
    id="c1",
    team="T1",
    owner="UANA",
    plugin="github",
    way="oauth",
    account="octocat",
    made_by="UANA",
    made_at=NOW,
    checked_at=NOW,
    renewed_at=NOW,
)
DEAD = replace(OCTOCAT, trouble="GitHub refused the token.", version=2)
MISSING = Wanted(plugin="github", owner="UANA")


NOTES = Connector(
    slug="notes",
    title="<Team> notes",
    transport=Transport.HTTP,
    url="https://notes.example/mcp",
    is_personal=True,
)
GRANT = Grant(
    token="t",
    server=json.dumps({"oauth": None, "resource": None, "issuer": None}),
    client='{"client_id": "c"}',
)


def sign_ins(office: Office) -> SignIns:
    return SignIns(office.database, seal=SEAL, clock=office.clock, veil=LearningVeil())


def labels(wanted: Wanted, found: Connected | None) -> list[tuple[str, str]]:
    blocks = sign_in.asking(wanted, "GitHub", found).payload()["blocks"]
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [(button["text"]["text"], button["value"]) for row in rows for button in row]


@pytest.mark.parametrize(
    ("wanted", "found", "said", "label"),
    [
        (MISSING, None, "<@UANA>: this needs GitHub, which is not connected yet.", "Connect GitHub"),
        (
            replace(MISSING, owner=TEAM),
            None,
            "An admin of this workspace: this needs GitHub, which is not connected yet.",
            "Connect GitHub",
        ),
        (
            replace(MISSING, seen=DEAD.state),
            DEAD,
            "<@UANA>: GitHub needs a new sign-in. GitHub refused the token.",
            "Sign in to GitHub again",
        ),
        (
            replace(MISSING, writes=True, seen=OCTOCAT.state),
            OCTOCAT,
            "<@UANA>: this needs more access to GitHub: so far I may only read there.",
            "Allow more in GitHub",
        ),
    ],
)
def test_it_says_whose_account_it_takes_and_why(
    wanted: Wanted, found: Connected | None, said: str, label: str
) -> None:
    assert sign_in.asking(wanted, "GitHub", found).text == f"🔑 {said}"
    [(shown, value)] = labels(wanted, found)
    assert shown == label
    assert sign_in.pressed(value) == replace(wanted, seen="")


def test_once_it_is_made_nothing_is_asked_any_more() -> None:
    made = sign_in.asking(replace(MISSING, seen=DEAD.state), "GitHub", replace(OCTOCAT, version=3))

    assert made.text == "✅ GitHub is connected as octocat. The task goes on."
    assert labels(replace(MISSING, seen=DEAD.state), replace(OCTOCAT, version=3)) == []


def test_what_a_service_says_is_no_markup() -> None:
    shouting = replace(DEAD, trouble="<!channel> *look*", account="<@U1>")

    said = sign_in.asking(replace(MISSING, seen=shouting.state), "<Git>", shouting).text

    assert "<!channel>" not in said and "<Git>" not in said


@pytest.mark.parametrize("one", [MISSING, Wanted(plugin="jira", owner=TEAM, writes=True, seen="c1.7")])
def test_what_is_wanted_is_kept_with_its_message(one: Wanted) -> None:
    assert connected.wanted(one.ref) == one


@pytest.fixture
def asking(installed: Office) -> dict[str, Any]:
    """What the thread of a task of Ben's says: it needs Tracker."""
    task = installed.task(installed.ben, "Look at the tracker")
    wanted = Wanted(plugin="tracker", owner=installed.ben.id)
    installed.send()
    with installed.database.write("test") as session:
        outbox.want(session, PostKind.SIGN_IN, task.id, wanted.ref, now=installed.clock())
    installed.send()
    return installed.shown(f"🔑 <@{installed.ben.id}>: this needs Tracker, which is not connected yet.")


def test_whoever_asked_connects_it_from_the_thread(installed: Office, asking: dict[str, Any]) -> None:
    installed.ben.press(asking, sign_in.SIGN_IN)

    shows(installed, installed.ben, "Make one under Settings")


def test_nobody_else_does(installed: Office, asking: dict[str, Any]) -> None:
    installed.mia.press(asking, sign_in.SIGN_IN)

    assert installed.told(installed.mia, THEIRS)
    assert "Make one under Settings" not in words_of(installed.mia.modal())


@pytest.fixture
def remote(installed: Office) -> Office:
    """A connector to a remote server, to which everyone signs in for themselves."""
    installed.connectors.approve(operator(installed), NOTES.server)
    installed.connectors.save(operator(installed), NOTES, {})
    installed.reception.linking.servers = Signing(
        sign_ins(installed),
        known=lambda team, slug: NOTES if slug == "notes" else None,
        secret=lambda name: name,
        clock=installed.clock,
        public_url="http://127.0.0.1:8080",
    )
    return installed


def link_in(view: dict[str, Any]) -> str:
    buttons = [one for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]
    return str(next(one["url"] for one in buttons if one["action_id"] == PAGE))


def test_a_thread_asks_for_the_sign_in_at_a_connectors_server(remote: Office) -> None:
    task = remote.task(remote.ben, "Look at the notes")
    wanted = Wanted(plugin=name_of("notes"), owner=remote.ben.id)
    remote.send()
    with remote.database.write("test") as session:
        outbox.want(session, PostKind.SIGN_IN, task.id, wanted.ref, now=remote.clock())
    remote.send()
    asked = remote.shown(f"🔑 <@{remote.ben.id}>: this needs &lt;Team&gt; notes, which is not connected yet.")

    remote.mia.press(asked, sign_in.SIGN_IN)
    assert remote.told(remote.mia, THEIRS)
    remote.ben.press(asked, sign_in.SIGN_IN)

    shows(remote, remote.ben, "I show you whose page it is that asks you")
    assert link_in(remote.ben.modal()).startswith("http://127.0.0.1:8080/connect/mcp.notes/start/")


def test_beside_a_connector_people_sign_in_for_themselves(remote: Office) -> None:
    pressed = {"type": "button", "action_id": connectors.SIGN_IN, "block_id": "b", "value": "notes"}
    view = home(remote, remote.ben, "Tracker")
    surface = payloads.view_surface(remote.slack.workspace.store.get("view", view["id"]))
    trigger = triggers.fresh(remote.slack.workspace, remote.ben.id)

    deliver(
        remote.edge,
        payloads.block_actions(remote.slack.workspace, remote.ben.id, surface, pressed, {}, trigger),
    )

    shows(remote, remote.ben, "For yourself")
    assert "/connect/mcp.notes/start/" in link_in(remote.ben.modal())


def test_on_home_a_member_signs_in_to_what_takes_everyones_own(remote: Office) -> None:
    view = home(remote, remote.ben, "✗ *&lt;Team&gt; notes*\nneeds your sign-in")

    press(remote.ben, view, connectors.SIGN_IN)

    shows(remote, remote.ben, "For yourself")
    assert "/connect/mcp.notes/start/" in link_in(remote.ben.modal())


def test_on_home_a_member_signs_out_again_and_only_for_themselves(remote: Office) -> None:
    kept = sign_ins(remote)
    for person in (remote.ben, remote.ana):
        kept.keep(NOTES, who(remote, person), GRANT)
    view = home(remote, remote.ben, "✓ *&lt;Team&gt; notes*\nyou are signed in")
    assert "mcp.notes" not in words_of(view) and connectors.SIGN_IN not in str(view)

    press(remote.ben, view, connectors.SIGN_OUT)

    remote.shown("&lt;Team&gt; notes is signed out of", remote.ben.bot_dm)
    home(remote, remote.ben, "needs your sign-in")
    assert kept.of(NOTES, who(remote, remote.ben)) is None
    assert kept.of(NOTES, who(remote, remote.ana)) is not None
    home(remote, remote.mia, "needs your sign-in · 1 other signed in")


def test_a_sign_in_that_is_dead_or_of_another_address_is_made_again_on_home(remote: Office) -> None:
    kept, ben = sign_ins(remote), who(remote, remote.ben)
    kept.keep(NOTES, ben, GRANT)
    held = kept.of(NOTES, ben)
    assert held is not None
    kept.died(held, "It was taken back.")
    view = home(remote, remote.ben, "needs your sign-in again")
    assert connectors.SIGN_IN in str(view) and connectors.SIGN_OUT in str(view)

    kept.keep(replace(NOTES, url="https://elsewhere.example/mcp"), who(remote, remote.mia), GRANT)

    view = home(remote, remote.mia, "✗ *&lt;Team&gt; notes*\nneeds your sign-in")
    assert "sign-in again" not in words_of(view)


def test_everybodys_sign_in_is_for_an_admin_to_end(remote: Office) -> None:
    shared = replace(NOTES, is_personal=False)
    remote.connectors.save(operator(remote), shared, {})
    sign_ins(remote).keep(shared, who(remote, remote.mia), GRANT)

    assert connectors.SIGN_OUT not in str(home(remote, remote.ben, "starts with its first call"))
    view = home(remote, remote.mia, "starts with its first call")

    assert connectors.SIGN_OUT in str(view)


def test_more_access_to_a_connectors_server_is_asked_for_in_its_own_words() -> None:
    granted = replace(OCTOCAT, plugin=name_of("notes"))
    wanted = Wanted(plugin=name_of("notes"), owner="UANA", writes=True, seen=granted.state)

    said = sign_in.asking(wanted, "Notes", granted).text

    assert said == "🔑 <@UANA>: this needs more access to Notes."
