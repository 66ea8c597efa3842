"""A stop reaches into the tool that runs: what it had begun is undone, or told as unknown. Parking lets writes end."""

from __future__ import annotations

import threading

import pytest

from bot.agent.settling import RUN_AGAIN
from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.call import Result
from bot.domain.effect import Access, Effect, Realm, Resource
from bot.domain.task import Autonomy, TaskState
from bot.engine.running import Running
from bot.rehearsal.answer import calls, text
from bot.sdk.tool import tool
from bot.store.calls import CallState
from tests.agent.benches import Gate, gated, untouched, with_tools
from tests.engine.office import ANA, results

MEGABYTE = 1024 * 1024
NOT_DONE = "Not executed: stopped by Ana Silva."
UNKNOWN = "Stopped while running; outcome unknown."


def big_file(office, megabytes=200):
    path = office.reports / "big.bin"
    with path.open("wb") as file:
        file.truncate(megabytes * MEGABYTE)
    return path


def copying(office, *names):
    source, folder = f"{office.reports}/big.bin", f"{office.reports}/copies"
    return calls(*[("copy_file", {"source": source, "destination": f"{folder}/{name}"}) for name in names])


def running(office, task_id):
    """One stretch of work in another thread."""
    worker = threading.Thread(target=office.advance, args=(task_id,))
    worker.start()
    return worker


def told(office, task_id):
    return [(entry.state, entry.text) for entry in office.entries(task_id)]


def test_a_large_copy_ends_at_once_and_leaves_nothing_behind(new_office):
    office = new_office(lambda _: copying(office, "one.bin", "two.bin"))
    source, gate = big_file(office), Gate()
    office.laid_out = gated(gate, 20)
    task_id = office.start()
    worker = running(office, task_id)
    assert gate.reached.wait(60)
    assert (office.reports / "copies").is_dir()

    office.intake.stop(ANA, task_id)
    gate.open()
    worker.join(60)

    assert office.task(task_id).state is TaskState.STOPPED
    assert told(office, task_id) == [(CallState.REFUSED, NOT_DONE)] * 2
    assert [line.outcome for line in office.record.log(task_id)] == ["not executed"] * 2
    assert not (office.reports / "copies").exists()
    assert source.stat().st_size == 200 * MEGABYTE


def test_a_search_ends_at_once(new_office):
    office = new_office(calls(("search_files", {"query": "nowhere"})))
    for number in range(500):
        (office.reports / f"{number}.txt").write_text("something")
    gate = Gate()
    office.laid_out = gated(gate, 100)
    task_id = office.start()
    worker = running(office, task_id)
    assert gate.reached.wait(60)

    office.intake.stop(ANA, task_id)
    gate.open()
    worker.join(60)

    assert told(office, task_id) == [(CallState.REFUSED, NOT_DONE)]


def test_a_batch_that_is_stopped_in_the_middle_of_an_action_says_what_was_done_and_what_was_not(new_office):
    def batch(_):
        made = {"tool": "make_folder", "input": {"path": f"{office.reports}/1"}}
        copied = {"tool": "copy_file", "input": copying(office, "one.bin").content[0]["input"]}
        return calls(("checkpoint", {"title": "t", "summary": "s", "actions": [made, copied]}))

    office = new_office(batch, text("I see."))
    big_file(office, 20)
    task = office.begin()
    office.decide(task.id, ApprovalState.APPROVED)
    gate = Gate()
    office.laid_out = gated(gate, 15)
    worker = running(office, task.id)
    assert gate.reached.wait(60)

    office.intake.stop(ANA, task.id)
    gate.open()
    worker.join(60)
    office.say(task.id, "What was done?")
    office.work(task.id)

    assert results(office.double) == [
        (
            f"{NOT_DONE} Before that 1 of 2 actions were begun:\n1. ok  Made {office.reports}/1\n2–2 not run.",
            True,
        )
    ]
    assert not (office.reports / "copies").exists()


def test_tools_that_run_side_by_side_all_end_and_what_one_had_found_is_kept(new_office):
    waiting = threading.Semaphore(0)

    @tool(preview=lambda desk, number: f"Look {number}")
    def look(desk, number: int) -> Result:
        """Look."""
        if number == 2:
            return Result(text="seen")
        is_over = threading.Event()
        with desk.halt.calling(is_over.set):
            waiting.release()
            assert is_over.wait(60)
        desk.halt.check()
        return Result(text="never")

    office = new_office(calls(*[("look", {"number": number}) for number in (1, 2, 3, 4)]))
    office.laid_out = with_tools(look)
    task_id = office.start()
    worker = running(office, task_id)
    for _ in range(3):
        assert waiting.acquire(timeout=60)

    office.intake.stop(ANA, task_id)
    worker.join(60)

    not_done = (CallState.REFUSED, NOT_DONE)
    assert told(office, task_id) == [not_done, (CallState.ANSWERED, "seen"), not_done, not_done]


def deaf(*accesses):
    """A tool that does not listen, and the events of its beginning and its end. Until its end nothing shows of it."""
    begun, released = threading.Event(), threading.Event()

    @tool(accesses=lambda desk: accesses, preview=lambda desk: "Go on and on", settled=lambda desk: None)
    def endless(desk) -> Result:
        """Never ends by itself."""
        begun.set()
        assert released.wait(60)
        return Result(text="done after all")

    return endless, begun, released


def impatient(change):
    """No time is given to what was told to end."""

    def changed(bench):
        bench.toolbox._patience = 0
        return change(bench)

    return changed


def note(office):
    """Something made in a granted folder."""
    where = Resource(realm=Realm.FOLDER, name=f"{office.reports}/note")
    return Access(effect=Effect.CREATE, resource=where)


@pytest.mark.parametrize(("is_write", "said"), [(True, UNKNOWN), (False, NOT_DONE)], ids=["write", "read"])
def test_a_tool_that_does_not_listen_is_left_behind_and_what_it_changes_is_reported_as_unknown(
    new_office, is_write, said
):
    office = new_office(calls(("endless", {})))
    endless, begun, released = deaf(*([note(office)] if is_write else []))
    office.laid_out = impatient(with_tools(endless))
    task_id = office.start()
    worker = running(office, task_id)
    assert begun.wait(60)

    office.intake.stop(ANA, task_id)
    worker.join(60)

    assert not worker.is_alive()
    assert office.task(task_id).state is TaskState.STOPPED
    assert told(office, task_id) == [(CallState.REFUSED, said)]
    assert [line.outcome for line in office.record.log(task_id)] == [
        "unknown" if is_write else "not executed"
    ]
    released.set()


def test_a_write_that_still_runs_when_nobody_stopped_the_task_is_a_persons_to_look_at(new_office):
    office = new_office(calls(("endless", {})), text("Done."))
    endless, begun, released = deaf(note(office))
    office.laid_out = impatient(with_tools(endless))
    task_id = office.start(autonomy=Autonomy.AUTONOMOUS)
    worker = running(office, task_id)
    assert begun.wait(60)

    office.running.interrupt(task_id)
    worker.join(60)

    assert office.task(task_id).state is TaskState.WAITING
    assert office.pending(task_id).draft.kind is ApprovalKind.OUTCOME
    released.set()
    office.decide(task_id, ApprovalState.ANSWERED, RUN_AGAIN)
    assert office.work(task_id).state is TaskState.DONE


def test_a_call_that_was_halted_for_nothing_is_made_again(new_office):
    office = new_office(lambda _: copying(office, "one.bin"), text("Done."))
    big_file(office, 20)
    gate = Gate()
    office.laid_out = gated(gate, 10)
    task_id = office.start()
    worker = running(office, task_id)
    assert gate.reached.wait(60)

    office.running.interrupt(task_id)
    gate.open()
    worker.join(60)

    assert office.task(task_id).state is TaskState.DONE
    assert [path.name for path in (office.reports / "copies").iterdir()] == ["one.bin"]
    assert [is_error for _, is_error in results(office.double)] == [False]


def test_a_call_that_begins_after_the_stop_is_halted_from_the_start():
    running = Running()
    running.interrupt(1)
    with running.halt(1, is_read=False) as stopped, running.halt(2, is_read=True) as other:
        assert (stopped.is_set, other.is_set) == (True, False)
    running.park()
    with running.halt(2, is_read=True) as read, running.halt(2, is_read=False) as write:
        assert (read.is_set, write.is_set) == (True, False)


def test_a_process_that_must_go_lets_a_write_end(new_office):
    office = new_office(lambda _: copying(office, "one.bin", "two.bin"), text("Done."))
    big_file(office, 20)
    gate = Gate()
    office.laid_out = gated(gate, 10)
    task_id = office.start()
    worker = running(office, task_id)
    assert gate.reached.wait(60)

    office.running.park()
    gate.open()
    worker.join(60)

    assert office.task(task_id).state is TaskState.QUEUED
    first, second = office.entries(task_id)
    assert (first.is_error, second.state) == (False, CallState.OPEN)
    assert [path.name for path in (office.reports / "copies").iterdir()] == ["one.bin"]


def test_a_process_that_must_go_does_not_wait_for_a_read_which_the_next_one_makes_again(new_office):
    office = new_office(calls(("search_files", {"query": "alpha"})), text("Done."))
    for number in range(100):
        (office.reports / f"x{number}.txt").write_text("something")
    gate = Gate()
    office.laid_out = gated(gate, 50)
    task_id = office.start()
    worker = running(office, task_id)
    assert gate.reached.wait(60)

    office.running.park()
    gate.open()
    worker.join(60)

    assert office.task(task_id).state is TaskState.QUEUED
    assert told(office, task_id) == [(CallState.OPEN, "")]
    office.__post_init__()
    office.laid_out = untouched
    assert office.work(task_id).state is TaskState.DONE
    assert results(office.double)[0][0].startswith("1 matches")
