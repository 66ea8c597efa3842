"""Leases, limits and seats: what several processes may do with the same rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.domain.person import Person, Place
from bot.domain.task import TaskState
from bot.errors import LeaseLost
from bot.store import fences, leases, seats, tasks
from bot.store.tasks import Limits
from tests.store.conftest import ANA, NOW

BEN = Person(team="T1", user="UBEN", name="Ben")
EVE = Person(team="T2", user="UEVE", name="Eve")
LEASE = timedelta(seconds=30)
LATER = NOW + timedelta(seconds=31)


def made(database, new_task, **changes):
    with database.write("test") as session:
        return new_task(session, **changes).id


def claimed(database, owner="w", now=NOW, limits=Limits(), **given):
    with database.write("test") as session:
        return tasks.claim(session, owner=owner, now=now, lease_until=now + LEASE, limits=limits, **given)


def test_a_task_whose_lease_ran_out_is_ready_again_and_its_worker_is_locked_out(database, new_task):
    task_id = made(database, new_task)
    paused = claimed(database, owner="paused")

    with database.write("test") as session:
        assert leases.take_back(session, now=NOW + LEASE) == []
        assert leases.take_back(session, now=LATER) == [task_id]

    second = claimed(database, owner="second", now=LATER)
    assert (second.id, second.epoch, second.crashes) == (task_id, paused.epoch + 1 + 1, 1)
    with pytest.raises(LeaseLost), database.write("test") as session:
        fences.fence(session, paused)


def test_a_lease_is_kept_by_its_process_and_tells_who_asked_to_stop(database, new_task):
    kept, others = made(database, new_task), made(database, new_task)
    claimed(database, owner="ours", only=kept)
    claimed(database, owner="theirs", only=others)

    with database.write("test") as session:
        tasks.wake(session, kept, now=NOW, stop_by="Ana Silva")
        assert leases.keep(session, {kept, others}, owner="ours", until=LATER + LEASE) == {kept: "Ana Silva"}
    with database.write("test") as session:
        assert leases.take_back(session, now=LATER) == [others]


def test_what_a_process_does_not_know_it_claimed_runs_out(database, new_task):
    task_id = made(database, new_task)
    claimed(database, owner="ours")

    with database.write("test") as session:
        assert leases.keep(session, set(), owner="ours", until=LATER + LEASE) == {}
        assert leases.take_back(session, now=LATER) == [task_id]


def test_crashes_count_until_something_was_achieved(database, new_task):
    task_id = made(database, new_task)
    for crashes in range(3):
        task = claimed(database)
        assert task.crashes == crashes
        with database.write("test") as session:
            fences.fence(session, task)
            leases.take_all_back(session, now=NOW)

    task = claimed(database)
    with database.write("test") as session:
        fences.fence(session, task, gets_on=True)
        assert tasks.get(session, task_id).crashes == 0


def test_no_more_tasks_of_a_person_or_a_team_are_worked_on_than_their_limits(database, new_task):
    limits = Limits(team=3, person=2)
    for person in (ANA, ANA, ANA, BEN, BEN):
        made(database, new_task, person=person)
    elsewhere = made(database, new_task, person=EVE, place=replace_team("T2"))

    won = [claimed(database, limits=limits) for _ in range(6)]
    assert [task and task.person.user for task in won] == ["UANA", "UANA", "UBEN", "UEVE", None, None]
    assert won[3].id == elsewhere
    with database.write("test") as session:
        tasks.release(session, won[0], TaskState.DONE, now=NOW)
    assert claimed(database, limits=limits).person == ANA


def replace_team(team):
    return Place(team=team, channel="C9", thread="1.1")


def test_many_processes_claiming_at_once_stay_below_the_limit(database, new_task):
    for _ in range(6):
        made(database, new_task)

    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(lambda _: claimed(database, limits=Limits(person=2)), range(6)))

    assert len([task for task in won if task is not None]) == 2


def test_the_hinted_task_is_claimed_first_and_another_where_it_is_gone(database, new_task):
    first, second, third = (made(database, new_task) for _ in range(3))

    assert claimed(database, first=third).id == third
    assert claimed(database, first=third).id == first
    assert claimed(database).id == second


def test_a_task_nobody_took_is_found_once_it_waited_long_enough(database, new_task):
    task_id = made(database, new_task)

    def waiting(now):
        with database.read() as session:
            return leases.ready_since(session, now=now, before=now - timedelta(seconds=10), limit=5)

    assert waiting(NOW + timedelta(seconds=9)) == []
    assert waiting(NOW + timedelta(seconds=10)) == [task_id]


def test_what_becomes_ready_is_dispatched_within_its_transaction(database, new_task):
    told = []
    database.dispatch = lambda session, ready: told.append(set(ready))

    task_id = made(database, new_task)
    task = claimed(database)
    with database.write("test") as session:
        tasks.wake(session, task_id, now=NOW)
    with database.write("test") as session:
        tasks.release(session, task, TaskState.WAITING, now=NOW)

    assert told == [{task_id}, {task_id}]


def test_a_seat_is_held_by_one_until_it_leaves_or_its_time_is_over(database):
    def take(holder, now):
        with database.write("test") as session:
            return seats.take(session, "clock", holder=holder, now=now, until=now + LEASE)

    assert [take("a", NOW), take("b", NOW), take("a", NOW)] == [True, False, True]
    assert [take("b", NOW + LEASE), take("b", LATER), take("a", LATER)] == [False, True, False]
    with database.write("test") as session:
        seats.leave(session, "b")
    assert take("a", LATER)
