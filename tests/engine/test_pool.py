"""A pool of workers takes what is ready, wakes at the bell, and lets go when the process must end."""

from __future__ import annotations

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.person import TERMINAL, Place
from bot.domain.task import TaskState
from bot.rehearsal import trouble
from bot.rehearsal.answer import calls, text
from bot.rehearsal.gate import Gate
from tests.engine.office import ANA
from tests.store import databases


@pytest.fixture
def running(new_office):
    """Offices whose pools are stopped again."""
    pools = []

    def started(office, size=2):
        pool = office.pool(size)
        pools.append(pool)
        pool.start()
        return pool

    yield started
    for pool in pools:
        assert pool.stop(10)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_many_tasks_are_each_done_once(new_office, running, kind, tmp_path):
    database = databases.sqlite(tmp_path) if kind == "sqlite" else databases.postgres()
    office = new_office(*[text("Done.")] * 6, database=database)
    ids = [office.start(f"Goal {number}") for number in range(6)]
    pool = running(office, 3)
    done = [office.until(task_id, TaskState.DONE) for task_id in ids]

    assert [(task.answer, task.spent.turns) for task in done] == [("Done.", 1)] * 6
    assert len(office.double.requests) == 6
    pool.stop(10)
    database.close()


def test_a_decision_at_the_bell_sets_the_task_working_again(new_office, running):
    office = new_office(calls(("checkpoint", {"title": "Plan", "summary": "s"})), text("Done."))
    running(office)
    task_id = office.start()
    office.until(task_id, TaskState.WAITING)
    office.decide(task_id, ApprovalState.APPROVED)

    assert office.until(task_id, TaskState.DONE).answer == "Done."


def test_a_stop_from_another_thread_cuts_the_call_that_runs(new_office, running):
    office = new_office(text("Never heard."))
    gate = Gate()
    office.double.faults.next(trouble.slow_start(gate))
    running(office)
    task_id = office.start()
    assert gate.reached.wait(60)
    office.intake.stop(ANA, task_id)

    assert office.until(task_id, TaskState.STOPPED).note == "Stopped by Ana Silva."


def test_a_task_of_the_terminal_is_left_to_its_terminal(new_office, running):
    office = new_office(text("Done."), text("Done."))
    mine = office.start(place=Place(team=TERMINAL, channel=TERMINAL))
    other = office.start()
    running(office)
    office.until(other, TaskState.DONE)

    assert office.task(mine).state is TaskState.QUEUED
    assert office.work(mine).state is TaskState.DONE


def test_a_process_that_ends_parks_its_task_and_the_next_one_goes_on(new_office, running):
    office = new_office(text("Done."))
    gate = Gate()
    office.double.faults.next(trouble.stall(2, gate))
    pool = running(office)
    task_id = office.start()
    assert gate.reached.wait(60)
    assert pool.stop(10)

    task = office.task(task_id)
    assert (task.state, task.epoch) == (TaskState.QUEUED, 1)
    office.__post_init__()
    running(office)
    assert office.until(task_id, TaskState.DONE).answer == "Done."


def test_a_task_whose_process_died_is_taken_up_at_the_next_start(new_office, running):
    office = new_office(text("Done."))
    task_id = office.start()
    held = office.claimed(task_id)
    running(office)

    assert office.until(task_id, TaskState.DONE).epoch > held.epoch
    office.executor.advance(held)
    assert len(office.double.requests) == 1
    assert office.task(task_id).state is TaskState.DONE
