"""A thread asks for the sign-in that its task needs: of the right person, with the reason, and until it is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain import connected
from bot.domain.connected import TEAM, Connected, Wanted
from bot.slack.listeners.sign_in import THEIRS
from bot.slack.views import sign_in
from bot.store import outbox
from bot.store.outbox import PostKind
from tests.slack.conftest import Office, words_of
from tests.slack.test_connecting import shows
from tests.slack.test_plugins import installed

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
