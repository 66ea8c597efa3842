"""Stop ends a task in every state: what runs is cut, what is open gets its answer, and the end is reported."""

from __future__ import annotations

import threading

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.event import News
from bot.domain.task import TaskState
from bot.engine.hearing import Heard
from bot.errors import LeftRunning, NotAllowed
from bot.rehearsal import trouble
from bot.rehearsal.answer import calls, text
from bot.rehearsal.gate import Gate
from bot.store import outbox
from bot.store.calls import CallState
from tests.engine.office import ANA, BEN, results, words


def is_reported(office, task):
    with office.database.read() as session:
        keys = [post.key for post in outbox.due(session, now=office.clock())]
    last = office.record.news(task.id)[-1]
    return (task.state, task.note, last.news, f"result:{task.id}:{task.round}" in keys) == (
        TaskState.STOPPED,
        "Stopped by Ana Silva.",
        News.STOPPED,
        True,
    )


def test_a_queued_task_stops_before_the_model_is_asked(new_office):
    office = new_office()
    task_id = office.start()
    office.intake.stop(ANA, task_id)

    assert is_reported(office, office.work(task_id))
    assert office.double.requests == []


@pytest.mark.parametrize("fault", [trouble.slow_start, lambda gate: trouble.stall(2, gate)])
def test_a_running_model_call_is_cut_at_once_and_leaves_nothing(new_office, fault):
    office = new_office(text("Never heard."))
    gate = Gate()
    office.double.faults.next(fault(gate))
    task_id = office.start()
    worker = threading.Thread(target=office.work, args=(task_id,))
    worker.start()
    assert gate.reached.wait(60)

    office.intake.stop(ANA, task_id)
    worker.join(60)

    assert not worker.is_alive()
    assert gate.left.wait(60)
    assert is_reported(office, office.task(task_id))
    assert office.history(task_id) == []
    assert len(office.double.requests) == 1


def test_a_waiting_task_stops_and_its_request_cannot_be_approved_any_more(new_office):
    office = new_office(lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})))
    task = office.begin()
    approval_id = office.pending(task.id).id
    before = office.tree()

    office.intake.stop(ANA, task.id)
    task = office.work(task.id)

    assert is_reported(office, task)
    assert office.record.approval(approval_id).state is ApprovalState.STOPPED
    assert [(one.state, one.text) for one in office.entries(task.id)] == [
        (CallState.REFUSED, "Not executed: stopped by Ana Silva.")
    ]
    assert office.tree() == before


def test_the_stop_button_of_a_checkpoint_stops_the_task(new_office):
    office = new_office(calls(("checkpoint", {"title": "Plan", "summary": "s"})))
    task = office.begin()
    assert office.decide(task.id, ApprovalState.STOPPED).is_new

    assert is_reported(office, office.work(task.id))


def test_a_paused_task_stops(new_office):
    office = new_office()
    office.double.faults.next(trouble.overloaded())
    task = office.begin()
    assert task.state is TaskState.PAUSED
    office.intake.stop(ANA, task.id)

    assert is_reported(office, office.work(task.id))


@pytest.mark.parametrize("said", ["stop", "Please stop!", "CANCEL", "abort."])
def test_stop_can_be_said_in_words(new_office, said):
    office = new_office(calls(("ask_person", {"question": "Which?"})))
    task = office.begin()

    assert office.say(task.id, said) is Heard.STOPPING
    assert is_reported(office, office.work(task.id))


def test_a_stop_in_the_middle_of_a_batch_says_what_ran_and_what_did_not(new_office):
    office = new_office(
        lambda _: calls(
            (
                "checkpoint",
                {
                    "title": "Batch",
                    "summary": "s",
                    "actions": [
                        {"tool": "make_folder", "input": {"path": f"{office.reports}/{number}"}}
                        for number in "123"
                    ],
                },
            ),
            ("make_folder", {"path": f"{office.reports}/4"}),
        ),
        text("I see."),
    )
    task = office.begin()
    office.decide(task.id, ApprovalState.APPROVED)
    office.laid_out = lambda bench: stopping_after_the_first(office, bench, task.id)
    task = office.work(task.id)

    assert is_reported(office, task)
    assert [path for path in office.tree() if path[8:] in "1234"] == ["reports/1"]
    left = office.record.snapshot(task.id)
    assert (left.approved, left.undone, left.unknown) == (
        3,
        (f"Make folder {office.reports}/2", f"Make folder {office.reports}/3"),
        (),
    )
    office.say(task.id, "What did you do?")
    office.work(task.id)
    assert results(office.double) == [
        (
            "Not executed: stopped by Ana Silva. Before that 1 of 3 actions were begun:\n"
            f"1. ok  Made {office.reports}/1\n2–3 not run.",
            True,
        ),
        ("Not executed: stopped by Ana Silva.", True),
    ]


def stopping_after_the_first(office, bench, task_id):
    """Ana stops when the first action has just run."""
    run = bench.toolbox.run

    def stopped(call):
        result = run(call)
        office.intake.stop(ANA, task_id)
        return result

    bench.toolbox.run = stopped
    return bench


def test_words_right_behind_a_stop_do_not_undo_it_and_are_heard_when_it_has_stopped(new_office):
    office = new_office(
        lambda _: calls(
            ("delete_file", {"path": f"{office.reports}/a.txt"}),
            ("make_folder", {"path": f"{office.reports}/New"}),
        ),
        text("I was about to delete a.txt."),
    )
    before = office.tree()
    task = office.begin()
    office.intake.stop(ANA, task.id)

    assert office.say(task.id, "What were you doing?") is Heard.CONTINUED
    task = office.work(task.id)

    assert (task.state, task.round, task.answer) == (TaskState.DONE, 2, "I was about to delete a.txt.")
    assert results(office.double) == [("Not executed: stopped by Ana Silva.", True)] * 2
    assert office.tree() == before
    assert News.STOPPED in [event.news for event in office.record.news(task.id)]


def test_words_from_before_a_stop_do_not_undo_it_and_are_heard_with_the_next_ones(new_office):
    office = new_office(text("Heard."))
    task_id = office.start()
    office.say(task_id, "Use CSV")
    assert office.say(task_id, "stop") is Heard.STOPPING

    assert is_reported(office, office.work(task_id))
    assert office.double.requests == []

    office.say(task_id, "Go on after all")
    assert office.work(task_id).state is TaskState.DONE
    first, second = words(office.double)[-2:]
    assert ("Use CSV" in first, "Go on after all" in second) == (True, True)


def test_a_stop_of_what_is_over_changes_nothing(new_office):
    office = new_office(text("Done."))
    task = office.begin()

    assert office.intake.stop(ANA, task.id) == task
    assert office.claimed(task.id) is None


def test_only_who_may_decide_may_stop(new_office):
    office = new_office()
    task_id = office.start()

    with pytest.raises(NotAllowed, match="Ana Silva"):
        office.intake.stop(BEN, task_id)
    assert office.task(task_id).stop_by == ""


def test_a_call_that_was_running_when_the_process_died_is_reported_as_unknown(new_office):
    office = new_office(
        lambda _: calls(("make_folder", {"path": f"{office.reports}/New"}), ("make_folder", {"path": "own"}))
    )
    task_id = office.start()
    office.laid_out = dying_in_a_tool
    with pytest.raises(Died):
        office.work(task_id)
    office.laid_out = lambda bench: bench
    office.intake.stop(ANA, task_id)
    office.pool().start()
    task = office.until(task_id, TaskState.STOPPED)
    office.running.park()

    assert is_reported(office, task)
    assert [entry.text for entry in office.entries(task_id)] == [
        "Stopped while running; outcome unknown.",
        "Not executed: stopped by Ana Silva.",
    ]
    assert office.record.snapshot(task_id).unknown == (f"Make folder {office.reports}/New",)


def test_what_a_stopped_round_left_is_not_in_the_report_of_a_later_one(new_office):
    office = new_office(
        lambda _: calls(("checkpoint", {"title": "Batch", "summary": "s", "actions": folders(office, "12")}))
    )
    task = office.begin()
    office.decide(task.id, ApprovalState.APPROVED)
    office.laid_out = lambda bench: stopped_and_left_running(office, bench, task.id)
    first = office.record.snapshot(office.work(task.id).id)
    office.clock.forward(minutes=1)
    office.say(task.id, "And now?")
    office.intake.stop(ANA, task.id)
    second = office.record.snapshot(office.work(task.id).id)

    made = [f"Make folder {office.reports}/{number}" for number in "12"]
    assert (first.task.round, first.approved, first.undone, first.unknown) == (1, 2, (made[1],), (made[0],))
    assert (second.task.round, second.approved, second.undone, second.unknown) == (2, 0, (), ())


def test_what_a_batch_left_at_a_failure_and_a_second_one_made_is_not_reported_as_left(new_office):
    office = new_office(
        lambda _: calls(("checkpoint", {"title": "A", "summary": "s", "actions": folders(office, "a1")})),
        lambda _: calls(("checkpoint", {"title": "B", "summary": "s", "actions": folders(office, "12")})),
    )
    (office.reports / "a").touch()
    task = office.begin()
    office.approve(task.id)
    office.decide(task.id, ApprovalState.APPROVED)
    office.laid_out = lambda bench: stopping_after_the_first(office, bench, task.id)
    left = office.record.snapshot(office.work(task.id).id)

    assert (left.approved, left.undone) == (3, (f"Make folder {office.reports}/2",))


def test_what_a_batch_left_at_a_failure_rounds_ago_is_not_reported_by_a_stop(new_office):
    office = new_office(
        lambda _: calls(("checkpoint", {"title": "A", "summary": "s", "actions": folders(office, "a1")})),
        text("It failed."),
    )
    (office.reports / "a").touch()
    task = office.begin()
    assert office.approve(task.id).state is TaskState.DONE
    office.clock.forward(minutes=1)
    office.say(task.id, "And now?")
    office.intake.stop(ANA, task.id)
    left = office.record.snapshot(office.work(task.id).id)

    assert (left.task.state, left.approved, left.undone) == (TaskState.STOPPED, 0, ())


def folders(office, names):
    return [{"tool": "make_folder", "input": {"path": f"{office.reports}/{name}"}} for name in names]


def stopped_and_left_running(office, bench, task_id):
    """Ana stops while the first action runs, and it does not end."""

    def left(_):
        office.intake.stop(ANA, task_id)
        raise LeftRunning("It did not end.")

    bench.toolbox.run = left
    return bench


class Died(BaseException):
    """The process is gone."""


def dying_in_a_tool(bench):
    def die(_):
        raise Died

    bench.toolbox.run = die
    return bench
