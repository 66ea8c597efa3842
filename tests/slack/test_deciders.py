"""Who decides by the operator's rules: groups, admins and two people, looked up at the click; and who is called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.deciders import Authority, Deciders, Rule
from bot.domain.patience import ESCALATED, REMINDED
from bot.domain.task import TaskState
from bot.emulator.delivery import Timings
from bot.engine import news
from bot.store.outbox import PostKind
from tests.slack.conftest import Office, words_of

ASKED = "Your decision is needed: Move the reports"


def laid_down(**deciders: Any) -> Authority:
    return Authority(rules=(Rule(deciders=Deciders(**deciders)),))


@pytest.fixture
def authority(request: pytest.FixtureRequest) -> Authority:
    return getattr(request, "param", laid_down(groups=frozenset({"@leads"}), admins=True, people=2))


@pytest.fixture
def ruled(tmp_path: Path, timings: Timings, authority: Authority) -> Iterator[Office]:
    """Ana's task waits for a decision."""
    office = Office(tmp_path, timings, authority=authority)
    office.start()
    office.task(office.ana, "Tidy the reports")
    office.shown("Queued: ")
    office.asked()
    yield office
    office.stop()


def test_two_people_of_a_group_or_admins_approve_and_the_card_says_who(ruled: Office) -> None:
    message = ruled.shown(ASKED)
    assert "It takes 2 people of: <!subteam^" in words_of(message)

    ruled.ben.press(message, "approval_approve")
    assert ruled.told(ruled.ben, "Your yes is kept") == (
        "Your yes is kept. Nothing is done yet: it still takes @leads or a workspace admin."
    )
    ruled.eventually(lambda: f"Approved by <@{ruled.ben.id}> · still needed" in words_of(ruled.shown(ASKED)))
    assert ruled.tasks()[0].state is TaskState.WAITING
    ruled.ben.press(ruled.shown(ASKED), "approval_approve")
    ruled.told(ruled.ben, "You have said yes already. It still takes")

    ruled.mia.press(ruled.shown(ASKED), "approval_approve")
    after = ruled.shown("Approved: Move the reports")
    assert f"Approved by <@{ruled.ben.id}> and <@{ruled.mia.id}>" in words_of(after)
    assert ruled.tasks()[0].state is TaskState.QUEUED


@pytest.mark.parametrize("authority", [laid_down(groups=frozenset({"@leads"}), by_self=False)], indirect=True)
def test_the_requester_cannot_approve_their_own_where_self_approval_is_not_allowed(ruled: Office) -> None:
    ruled.ana.press(ruled.shown(ASKED), "approval_approve")

    assert ruled.told(ruled.ana, "Only") == "Only @leads (not who steers the task) can decide this."
    ruled.ben.press(ruled.shown(ASKED), "approval_approve")
    ruled.shown("Approved: Move the reports")


@pytest.mark.parametrize("authority", [laid_down(groups=frozenset({"@leads"}))], indirect=True)
def test_whoever_left_the_group_does_not_decide_any_more(ruled: Office) -> None:
    group = ruled.slack.workspace.store.every("usergroup")[0]
    ruled.slack.workspace.store.put("usergroup", group["id"], {**group, "users": [ruled.ana.id]})

    ruled.ben.press(ruled.shown(ASKED), "approval_approve")
    ruled.told(ruled.ben, "Only @leads can decide this")


@pytest.mark.parametrize("authority", [laid_down(groups=frozenset({"@leads"}))], indirect=True)
@pytest.mark.parametrize("method", ["usergroups.list", "usergroups.users.list"])
def test_nobody_decides_while_slack_does_not_say_who_is_in_the_group(ruled: Office, method: str) -> None:
    ruled.eventually(lambda: not ruled.outbox())
    ruled.clock.ahead += timedelta(minutes=5)
    ruled.slack.control.fail_next(method, status=500, times=1)
    ruled.ben.press(ruled.shown(ASKED), "approval_approve")
    assert ruled.told(ruled.ben, "Slack did not") == (
        "Slack did not tell me in time who is in @leads. Please press again."
    )
    assert ruled.record.pending(1) is not None
    ruled.ben.press(ruled.shown(ASKED), "approval_approve")
    assert ruled.record.approval("approval1").state is ApprovalState.APPROVED  # type: ignore[union-attr]


def test_nobody_decides_while_slack_does_not_say_who_they_are(ruled: Office) -> None:
    ruled.ben.press(ruled.shown(ASKED), "approval_approve")
    ruled.told(ruled.ben, "Your yes is kept")
    ruled.eventually(lambda: not ruled.outbox())
    ruled.clock.ahead += timedelta(minutes=5)
    ruled.slack.control.fail_next("users.info", status=500, times=1)
    ruled.ben.press(ruled.shown(ASKED), "approval_approve")
    ruled.told(ruled.ben, "Slack did not tell me in time who you are. Please press again.")
    assert not any(text.startswith("You have said yes") for text in ruled.whispered(ruled.ben))
    ruled.ben.press(ruled.shown(ASKED), "approval_approve")
    ruled.told(ruled.ben, "You have said yes already")


@pytest.mark.parametrize("authority", [laid_down(groups=frozenset({"@nobody"}))], indirect=True)
def test_a_group_that_is_not_there_is_said_and_nobody_decides(ruled: Office) -> None:
    ruled.ben.press(ruled.shown(ASKED), "approval_approve")
    ruled.told(ruled.ben, "@nobody is no user group here")
    assert ruled.record.pending(1) is not None


def test_an_admin_stops_a_task_that_is_not_theirs(ruled: Office) -> None:
    card = next(one for one in ruled.messages() if one["text"].startswith(("Queued", "Waiting")))
    ruled.mia.press(card, "task_stop")
    ruled.eventually(lambda: ruled.tasks()[0].state is TaskState.STOPPED)
    assert ruled.tasks()[0].stop_by in ("mia", "Mia Chen")


@pytest.mark.parametrize("authority", [laid_down(groups=frozenset({"@leads"}))], indirect=True)
def test_reminders_call_those_who_may_decide_by_name(ruled: Office) -> None:
    task = ruled.tasks()[0]
    with ruled.database.write("test") as session:
        for nudge in (REMINDED, ESCALATED):
            news.want(session, PostKind.REMINDER, 1, task.place, f"approval1:{nudge}", now=ruled.clock())
    ruled.bell.ring()
    group = ruled.slack.workspace.store.every("usergroup")[0]["id"]
    first, second = ruled.shown("This waits for a decision"), ruled.shown("Nobody has decided this yet")
    assert words_of(first).startswith(f"<!subteam^{group}|@leads> this has been waiting for you")
    assert words_of(second).startswith(f"<!subteam^{group}|@leads> nobody has decided this since")
