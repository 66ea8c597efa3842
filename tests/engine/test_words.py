"""What people say in the thread: it steers, continues, and never gets lost or read twice."""

from __future__ import annotations

import threading

from bot.domain.approval import ApprovalState
from bot.domain.task import TaskState
from bot.engine.hearing import Heard
from bot.rehearsal import trouble
from bot.rehearsal.answer import calls, text
from bot.rehearsal.gate import Gate
from bot.store import outbox
from tests.engine.office import ANA, BEN, results, words


def follow_up(text, author="Ana Silva"):
    return f'<slack_message author="{author}" kind="follow_up">{text}</slack_message>'


def test_words_while_it_works_reach_the_model_before_its_next_turn_behind_the_results(new_office):
    office = new_office(
        lambda _: calls(("read_file", {"path": f"{office.reports}/a.txt"})),
        text("Only those."),
    )
    gate = Gate()
    office.double.faults.next(trouble.slow_start(gate))
    task_id = office.start()
    worker = threading.Thread(target=office.work, args=(task_id,))
    worker.start()
    assert gate.reached.wait(60)
    assert office.say(task_id, "Only <b> & c") is Heard.STEERED
    gate.open()
    worker.join(60)

    last = office.double.requests[-1]["messages"][-1]["content"]
    assert [block["type"] for block in last] == ["tool_result", "text"]
    assert words(office.double) == [follow_up("Only &lt;b&gt; &amp; c")]
    assert len(office.double.requests) == 2
    assert office.task(task_id).state is TaskState.DONE


def test_words_during_the_last_turn_are_answered_before_the_task_is_done(new_office):
    office = new_office(text("First."), text("Second."))
    gate = Gate()
    office.double.faults.next(trouble.slow_start(gate))
    task_id = office.start()
    worker = threading.Thread(target=office.work, args=(task_id,))
    worker.start()
    assert gate.reached.wait(60)
    office.say(task_id, "And Q3?")
    gate.open()
    worker.join(60)

    task = office.task(task_id)
    assert (task.state, task.answer, task.round) == (TaskState.DONE, "Second.", 1)
    assert words(office.double) == [follow_up("And Q3?")]


def test_words_after_the_end_begin_a_new_round_with_its_own_result(new_office):
    office = new_office(text("Done."), text("Done again."))
    task = office.begin()
    ended = task.ended_at
    office.clock.forward(hours=2)

    assert office.say(task.id, "Once more") is Heard.CONTINUED
    task = office.work(task.id)

    assert (task.state, task.answer, task.round) == (TaskState.DONE, "Done again.", 2)
    assert task.ended_at > ended
    assert words(office.double) == [follow_up("Once more")]
    with office.database.read() as session:
        keys = {post.key for post in outbox.due(session, now=office.clock())}
    assert {f"result:{task.id}:1", f"result:{task.id}:2"} <= keys


def test_words_from_before_the_start_and_several_at_once_are_read_in_order(new_office):
    office = new_office(text("Done."))
    task_id = office.start()
    office.say(task_id, "One")
    office.say(task_id, "Two")
    office.work(task_id)

    assert words(office.double)[1:] == [follow_up("One"), follow_up("Two")]
    assert len(office.double.requests) == 1


def test_words_that_come_twice_are_heard_once(new_office):
    office = new_office(text("Done."))
    task_id = office.start()

    heard = [office.intake.say(ANA, task_id, "One", key="T1:Ev7") for _ in range(2)]
    office.work(task_id)

    assert heard == [Heard.STEERED, Heard.REPEATED]
    assert words(office.double)[1:] == [follow_up("One")]


def test_words_of_others_do_not_steer(new_office):
    office = new_office(calls(("checkpoint", {"title": "Plan", "summary": "s"})))
    task = office.begin()

    assert office.say(task.id, "Delete it all", person=BEN) is Heard.NOT_YOURS
    assert office.pending(task.id).state is ApprovalState.PENDING


def test_words_to_a_stopped_task_tell_the_model_what_was_not_run_and_what_is_wanted_now(new_office):
    office = new_office(
        lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})), text("I leave it.")
    )
    task = office.begin()
    office.intake.stop(ANA, task.id)
    assert office.work(task.id).state is TaskState.STOPPED

    assert office.say(task.id, "Leave a.txt") is Heard.CONTINUED
    task = office.work(task.id)

    assert (task.state, task.round, task.stop_by) == (TaskState.DONE, 2, "")
    assert results(office.double) == [("Not executed: stopped by Ana Silva.", True)]
    assert words(office.double) == [follow_up("Leave a.txt")]
