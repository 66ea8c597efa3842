"""The sweep of the fleet: dead workers' tasks are taken back, forgotten hints are given again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.budget import Budget
from bot.domain.event import News
from bot.domain.patience import Patience
from bot.domain.task import TaskState
from bot.engine import hearing, news, unmade
from bot.engine.fleet.hints import Hints
from bot.engine.fleet.seat import Seat
from bot.engine.fleet.sweep import Sweep
from bot.engine.overdue import Overdue
from bot.store import tasks
from tests.store.conftest import new_task

LEASE, EVERY = 30.0, 2.0
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

__all__ = ["new_task"]


class Time:
    """The database's clock and the machine's uptime, moved together or apart."""

    def __init__(self):
        self.now, self.up = NOW, 100.0

    def clock(self):
        return self.now

    def elapsed(self):
        return self.up

    def passes(self, seconds):
        self.now += timedelta(seconds=seconds)
        self.up += seconds


def sweep_of(database, time):
    return Sweep(
        database,
        clock=time.clock,
        elapsed=time.elapsed,
        lease=LEASE,
        every=EVERY,
        hints=Hints(),
        overdue=Overdue(Patience(), frozenset(), clock=time.clock),
    )


def working(database, new_task, time):
    with database.write("test") as session:
        task = new_task(session, now=time.now)
        lease_until = time.now + timedelta(seconds=LEASE)
        return tasks.claim(session, owner="dead", now=time.now, only=task.id, lease_until=lease_until)


def state(database, task):
    with database.read() as session:
        return tasks.get(session, task.id).state


def test_the_task_of_a_dead_process_is_taken_back_within_35_seconds(database, new_task):
    time = Time()
    task, sweep = working(database, new_task, time), sweep_of(database, time)
    told = []
    database.dispatch = lambda session, ready: told.extend(ready)

    taken_at = None
    for _ in range(40):
        sweep.beaten()
        sweep.once()
        if state(database, task) is TaskState.QUEUED:
            taken_at = time.up - 100.0
            break
        time.passes(EVERY)

    assert LEASE < taken_at <= LEASE + EVERY
    assert told == [task.id]


def test_a_stop_that_its_dead_process_did_not_carry_out_waits_for_no_free_worker(database, new_task):
    time = Time()
    task, sweep = working(database, new_task, time), sweep_of(database, time)
    with database.write("test") as session:
        tasks.wake(session, task.id, now=time.now, stop_by="Ana Silva")
    sweep.once()
    assert state(database, task) is TaskState.WORKING

    time.passes(LEASE + EVERY)
    sweep.once()

    assert state(database, task) is TaskState.STOPPED


def test_who_takes_the_seat_after_an_outage_lets_the_living_say_so_first(database, new_task):
    time = Time()
    task, sweep = working(database, new_task, time), sweep_of(database, time)
    sweep.beaten()

    time.passes(LEASE + 10)
    sweep.beaten()
    sweep.once()

    assert state(database, task) is TaskState.WORKING


def test_a_task_that_a_process_held_alone_is_taken_over_by_the_fleet(database, new_task):
    time = Time()
    with database.write("test") as session:
        task = new_task(session, now=time.now)
        tasks.claim(session, owner="dead", now=time.now, only=task.id)

    sweep_of(database, time).once()

    assert state(database, task) is TaskState.QUEUED


def test_after_a_pause_of_its_own_the_sweep_lets_the_living_say_so_first(database, new_task):
    time = Time()
    task, sweep = working(database, new_task, time), sweep_of(database, time)
    sweep.beaten()
    sweep.once()

    time.passes(600)
    sweep.beaten()
    sweep.once()
    assert state(database, task) is TaskState.WORKING
    for _ in range(int((LEASE + 2 * EVERY) / EVERY)):
        time.passes(EVERY)
        sweep.beaten()
        sweep.once()

    assert state(database, task) is TaskState.QUEUED


def jobs(database):
    with database.read() as session:
        return session.execute(text("SELECT status, args FROM procrastinate_jobs ORDER BY id")).all()


def test_a_ready_task_whose_hint_was_lost_is_hinted_at_again_but_not_while_one_waits(database, new_task):
    time = Time()
    with database.write("test") as session:
        task = new_task(session, now=time.now)
    database.dispatch = Hints().hand_out

    sweep_of(database, time).once()
    assert jobs(database) == [], "it has not waited long enough to be missed"
    time.passes(6)
    for _ in range(3):
        sweep_of(database, time).once()

    assert jobs(database) == [("todo", {"task_id": task.id})]


def test_a_hint_is_given_with_the_commit_or_not_at_all(database, new_task):
    database.dispatch = Hints().hand_out

    with pytest.raises(ZeroDivisionError), database.write("test") as session:
        new_task(session)
        session.flush()
        database.dispatch(session, [1])
        raise ZeroDivisionError
    assert jobs(database) == []
    with database.write("test") as session:
        task = new_task(session)

    assert jobs(database) == [("todo", {"task_id": task.id})]


def test_a_hint_that_died_with_its_process_is_forgotten(database, new_task):
    database.dispatch = Hints().hand_out
    with database.write("test") as session:
        new_task(session)
    with database.write("test") as session:
        session.execute(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL"))

    sweep_of(database, Time()).once()

    assert jobs(database) == []


def test_a_paused_task_whose_time_has_come_is_hinted_at(database, new_task):
    time = Time()
    task = working(database, new_task, time)
    with database.write("test") as session:
        again = time.now + timedelta(seconds=60)
        tasks.release(session, task, TaskState.PAUSED, now=time.now, not_before=again)
    told = []
    database.dispatch = lambda session, ready: told.append(set(ready))

    for seconds in (0, 59, 1):
        time.passes(seconds)
        sweep_of(database, time).once()

    assert told == [{task.id}]


def test_a_seat_is_sure_for_less_time_than_it_is_held_so_that_two_never_act(database):
    time = Time()

    def seat(holder):
        return Seat("announcer", database, holder=holder, seconds=15, elapsed=time.elapsed)

    first, second = seat("first"), seat("second")
    first.renew(time.now)
    second.renew(time.now)
    assert (first.is_ours(), second.is_ours()) == (True, False)

    time.passes(10.1)
    assert not first.is_ours(), "a paused process must not think that it still is"
    second.renew(time.now)
    assert not second.is_ours(), "the seat is not free yet"
    time.passes(5)
    second.renew(time.now)
    first.renew(time.now)
    assert (first.is_ours(), second.is_ours()) == (False, True)


def test_what_was_said_after_a_stop_that_nobody_carried_out_begins_a_round_of_its_own(database, new_task):
    time = Time()
    task, sweep = working(database, new_task, time), sweep_of(database, time)
    with database.write("test") as session:
        news.tell(session, task.id, task.place, News.STOPPING, now=time.now, by=task.person)
        tasks.wake(session, task.id, now=time.now, stop_by="Ana Silva")
        known = tasks.get(session, task.id)
        hearing.heard(session, task.person, known, "Do X instead", time.now, budget=Budget(turns=9))

    time.passes(LEASE + EVERY)
    sweep.once()

    with database.read() as session:
        found = tasks.get(session, task.id)
    assert (found.state, found.round, found.stop_by) == (TaskState.QUEUED, 2, "")


def test_a_task_that_cannot_be_ended_holds_up_no_other_and_no_taking_back(database, new_task, monkeypatch):
    time = Time()
    stuck, stopped, taken = (working(database, new_task, time) for _ in range(3))
    with database.write("test") as session:
        for task in (stuck, stopped):
            tasks.wake(session, task.id, now=time.now, stop_by="Ana Silva")
    closed = unmade.closed

    def failing(session, task, *given, **named):
        if task.id == stuck.id:
            raise ZeroDivisionError
        return closed(session, task, *given, **named)

    monkeypatch.setattr(unmade, "closed", failing)
    time.passes(LEASE + EVERY)
    sweep_of(database, time).once()

    assert [state(database, task) for task in (stuck, stopped, taken)] == [
        TaskState.QUEUED,
        TaskState.STOPPED,
        TaskState.QUEUED,
    ]
