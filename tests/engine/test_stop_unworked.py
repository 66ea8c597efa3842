"""A task that nobody works on stops at once, however busy the workers are with others."""

from __future__ import annotations

import threading

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.event import News
from bot.domain.task import TaskState
from bot.rehearsal import trouble
from bot.rehearsal.answer import calls, text
from bot.rehearsal.gate import Gate
from bot.store import leases, outbox, tasks
from bot.store.calls import CallState
from tests.engine.office import ANA
from tests.engine.test_stop import Died, dying_in_a_tool
from tests.store import databases


@pytest.fixture(params=["sqlite", "postgres"])
def database(request, tmp_path):
    database = databases.sqlite(tmp_path) if request.param == "sqlite" else databases.postgres()
    yield database
    database.close()


def ended(office, task_id):
    """How the task ended, what it told of that, and whether a report of it goes out."""
    task = office.task(task_id)
    with office.database.read() as session:
        posts = {post.key for post in outbox.due(session, now=office.clock())}
    told = [event.news for event in office.record.news(task_id)][-2:]
    return task.state, task.note, told, f"result:{task_id}:{task.round}" in posts


STOPPED = (TaskState.STOPPED, "Stopped by Ana Silva.", [News.STOPPING, News.STOPPED], True)


def test_while_every_worker_is_busy_a_queued_and_a_waiting_task_stop_at_once(new_office, database):
    office = new_office(
        lambda _: calls(("delete_file", {"path": f"{office.reports}/a.txt"})),
        text("Never heard."),
        database=database,
    )
    waiting = office.begin()
    gate = Gate()
    office.double.faults.next(trouble.slow_start(gate))
    busy, queued = office.start("An hour's work"), office.start("Next")
    pool = office.pool(1)
    pool.start()
    assert gate.reached.wait(60)

    office.intake.stop(ANA, queued)
    office.decide(waiting.id, ApprovalState.STOPPED)

    assert [ended(office, task_id) for task_id in (queued, waiting.id)] == [STOPPED, STOPPED]
    assert [(entry.state, entry.text) for entry in office.entries(waiting.id)] == [
        (CallState.REFUSED, "Not executed: stopped by Ana Silva.")
    ]
    assert (office.task(busy).state, office.record.pending(waiting.id)) == (TaskState.WORKING, None)
    assert pool.stop(10)


def test_what_was_begun_without_a_result_is_unknown_in_the_report(new_office, database):
    office = new_office(
        lambda _: calls(("make_folder", {"path": f"{office.reports}/New"}), ("make_folder", {"path": "own"})),
        database=database,
    )
    task_id = office.start()
    office.laid_out = dying_in_a_tool
    with pytest.raises(Died):
        office.work(task_id)
    with database.write("test") as session:
        leases.take_all_back(session, now=office.clock())

    office.intake.stop(ANA, task_id)

    assert ended(office, task_id) == STOPPED
    assert [entry.text for entry in office.entries(task_id)] == [
        "Stopped while running; outcome unknown.",
        "Not executed: stopped by Ana Silva.",
    ]
    assert office.record.snapshot(task_id).unknown == (f"Make folder {office.reports}/New",)


def test_a_stop_in_the_moment_that_a_worker_takes_the_task_is_that_workers_to_carry_out(new_office, database):
    office = new_office(database=database)
    task_id = office.start()
    stop = threading.Thread(target=office.intake.stop, args=(ANA, task_id))
    with database.write("test") as session:
        taken = tasks.claim(session, owner="test", now=office.clock(), only=task_id)
        stop.start()
    stop.join(60)

    assert (office.task(task_id).state, office.task(task_id).stop_by) == (TaskState.WORKING, "Ana Silva")
    office.executor.advance(taken)
    assert ended(office, task_id) == STOPPED


def test_words_behind_a_stop_begin_a_round_of_their_own(new_office, database):
    office = new_office(text("Only those of 2024, then."), database=database)
    task_id = office.start()
    office.intake.stop(ANA, task_id)
    office.clock.forward(minutes=1)

    office.say(task_id, "Only those of 2024")

    task = office.work(task_id)
    assert (task.state, task.round, task.stop_by) == (TaskState.DONE, 2, "")
    assert task.answer == "Only those of 2024, then."
