"""A thread asks for the sign-in that its task needs: of the right person, with the reason, and until it is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.connectors.signed_in import SignIns
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
from tests.slack.test_plugins import home, installed

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
    notes = Connector(
        slug="notes",
        title="<Team> notes",
        transport=Transport.HTTP,
        url="https://notes.example/mcp",
        is_personal=True,
    )
    installed.reception.linking.servers = Signing(
        SignIns(installed.database, seal=SEAL, clock=installed.clock, veil=LearningVeil()),
        known=lambda team, slug: notes if slug == "notes" else None,
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


def test_more_access_to_a_connectors_server_is_asked_for_in_its_own_words() -> None:
    granted = replace(OCTOCAT, plugin=name_of("notes"))
    wanted = Wanted(plugin=name_of("notes"), owner="UANA", writes=True, seen=granted.state)

    said = sign_in.asking(wanted, "Notes", granted).text

    assert said == "🔑 <@UANA>: this needs more access to Notes."
