"""Nobody answers: a reminder, then the approvers, then it has run out; the task keeps waiting; a click asks anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.deciders import Authority
from bot.domain.event import News
from bot.domain.patience import Patience
from bot.domain.task import TaskState
from bot.engine.overdue import Overdue, Watch
from bot.rehearsal.answer import calls, text
from bot.store import approvals, outbox
from bot.store.calls import CallState
from bot.store.database import Database
from bot.store.outbox import PostKind
from tests.engine.mortal import Death, Died, MortalDatabase
from tests.store import databases

APPROVERS = Authority(approvers=frozenset({"UBEN"}))


def delete(office, name="a.txt"):
    return "delete_file", {"path": f"{office.reports}/{name}"}


def batch(office):
    prepared = [{"tool": tool, "input": given} for tool, given in (delete(office), delete(office, "b.txt"))]
    return calls(("checkpoint", {"title": "t", "summary": "s", "actions": prepared}))


def watch(office, approvers=APPROVERS, patience=Patience()):
    overdue = Overdue(patience, approvers, clock=office.clock)
    return Watch(office.database, overdue, bell=office.bell)


def told(office, task_id):
    """What was said of waiting, and how many reminders are to be posted."""
    news = (News.REMINDED, News.ESCALATED, News.LAPSED)
    with office.database.read() as session:
        posts = outbox.due(session, (PostKind.REMINDER,), now=office.clock())
    return [event.news for event in office.record.news(task_id) if event.news in news], len(posts)


def test_the_requester_is_reminded_once_then_the_approvers_are_asked_and_then_it_has_run_out(new_office):
    office = new_office(lambda _: calls(delete(office)))
    task = office.begin()
    seen = []
    for hours in (3, 1, 0, 3, 1, 0, 150, 9, 1, 100):
        office.clock.forward(hours=hours)
        watch(office).once()
        seen.append(told(office, task.id)[0])

    once, twice, out = [News.REMINDED], [News.REMINDED, News.ESCALATED], News.LAPSED
    assert seen == [[], once, once, once, twice, twice, twice, twice, [*twice, out], [*twice, out]]
    assert told(office, task.id)[1] == 2
    approval = office.pending(task.id)
    assert (approval.state, approval.has_lapsed) == (ApprovalState.PENDING, True)
    assert office.task(task.id).state is TaskState.WAITING
    assert office.entries(task.id)[0].state is CallState.HELD


def test_without_approvers_nobody_else_is_asked(new_office):
    office = new_office(lambda _: calls(delete(office)))
    task = office.begin()
    for _ in range(3):
        office.clock.forward(hours=4)
        watch(office, Authority()).once()

    assert told(office, task.id) == ([News.REMINDED], 1)


def test_what_is_decided_is_not_reminded_of(new_office):
    office = new_office(lambda _: calls(delete(office)), text("Done."))
    task = office.begin()
    office.approve(task.id)
    office.clock.forward(hours=200)
    watch(office).once()

    assert told(office, task.id) == ([], 0)


def test_hours_of_nought_are_never(new_office):
    office = new_office(
        lambda _: calls(delete(office)),
        text("Done."),
        changes={"approval_hours": 0.0, "remind_hours": 0.0},
    )
    patience = office.settings.patience
    office.workshop._patience = patience
    task = office.begin()
    office.clock.forward(days=1000)
    watch(office, patience=patience).once()

    assert patience == Patience(expires=None, reminds=None)
    assert told(office, task.id) == ([], 0)
    assert office.approve(task.id).state is TaskState.DONE


def test_a_question_is_reminded_of_and_never_runs_out(new_office):
    office = new_office(calls(("ask_person", {"question": "Which?"})), text("Good."))
    task = office.begin()
    office.clock.forward(days=30)
    for _ in range(3):
        watch(office).once()

    assert told(office, task.id)[0] == [News.REMINDED, News.ESCALATED]
    office.decide(task.id, ApprovalState.ANSWERED, "that one")
    assert office.work(task.id).state is TaskState.DONE


@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize("in_batch", [True, False])
def test_a_yes_to_what_has_run_out_runs_nothing_and_puts_it_anew_as_things_stand_now(
    new_office, in_batch, is_told
):
    office = new_office(
        lambda _: batch(office) if in_batch else calls(delete(office), delete(office, "b.txt")), text("Done.")
    )
    task = office.begin()
    first = office.pending(task.id)
    office.clock.forward(hours=168)
    if is_told:
        watch(office).once()
    (office.reports / "a.txt").write_text("by Ben")
    assert office.decide(task.id, ApprovalState.APPROVED).approval.state is ApprovalState.LAPSED
    task = office.work(task.id)

    assert task.state is TaskState.WAITING
    assert {"reports/a.txt", "reports/b.txt"} <= office.tree().keys()
    second = office.pending(task.id)
    assert second.id != first.id
    assert second.draft.actions[0].about.startswith("6 bytes, ")
    assert second.expires_at == office.clock() + timedelta(hours=168)
    assert office.approve(task.id).state is TaskState.DONE
    assert {"reports/a.txt", "reports/b.txt"}.isdisjoint(office.tree())


def test_what_a_batch_asked_anew_and_nobody_answered_is_put_once_more(new_office):
    office = new_office(lambda _: batch(office), text("Done."))
    task = office.begin()
    (office.reports / "b.txt").write_text("by Ben")
    office.approve(task.id)
    office.clock.forward(hours=169)
    office.decide(task.id, ApprovalState.APPROVED)
    task = office.work(task.id)

    assert task.state is TaskState.WAITING
    assert "reports/b.txt" in office.tree()
    assert "Nobody had answered in time" in office.pending(task.id).draft.summary
    assert office.approve(task.id).state is TaskState.DONE
    assert "reports/b.txt" not in office.tree()


def test_what_has_run_out_can_still_be_redirected_and_stopped(new_office):
    office = new_office(lambda _: calls(delete(office)), text("I see."))
    task = office.begin()
    office.clock.forward(hours=169)
    watch(office).once()
    office.say(task.id, "leave it")

    assert office.work(task.id).state is TaskState.DONE
    assert "reports/a.txt" in office.tree()


@pytest.mark.parametrize("is_after", [True, False])
def test_a_death_while_reminding_neither_loses_nor_doubles_the_reminder(new_office, tmp_path, is_after):
    database = MortalDatabase(databases.sqlite(tmp_path).url)
    office = new_office(lambda _: calls(delete(office)), database=database)
    task = office.begin()
    office.clock.forward(hours=4)
    database.reborn(Death(at=1, is_after=is_after))
    with pytest.raises(Died):
        watch(office).once()
    database.reborn(None)
    for _ in range(2):
        watch(office).once()

    assert told(office, task.id) == ([News.REMINDED], 1)
    database.close()


def test_of_two_processes_that_saw_the_same_only_one_reminds(new_office):
    office = new_office(lambda _: calls(delete(office)))
    task = office.begin()
    office.clock.forward(hours=4)
    other = Database(office.database.url)
    with other.read() as session:
        [seen] = approvals.due(session, now=office.clock())
    watch(office).once()
    with other.write("test") as session:
        assert not approvals.told(session, seen, due_at=None)
    other.close()

    assert told(office, task.id) == ([News.REMINDED], 1)
