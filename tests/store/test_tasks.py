"""Tasks are claimed by one worker, fenced to it, and released with what they became."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.domain.budget import Budget
from bot.domain.grant import FolderGrant
from bot.domain.person import TERMINAL, Person, Place
from bot.domain.plan import Plan, Step, StepState
from bot.domain.task import Autonomy, Spent, TaskState
from bot.domain.turn import Usage
from bot.errors import LeaseLost
from bot.store import fences, leases, overview, spending, tasks
from bot.store.database import Database
from tests.store.conftest import ANA, NOW, THREAD, NewTask


def made(database: Database, new_task: NewTask, **changes: object) -> int:
    with database.write("test") as session:
        return new_task(session, **changes).id


def claimed(database: Database, *, owner="w", now=NOW, only=None):
    with database.write("test") as session:
        return tasks.claim(session, owner=owner, now=now, only=only)


def read(database: Database, task_id: int):
    with database.read() as session:
        return tasks.get(session, task_id)


def test_every_task_is_claimed_by_exactly_one_of_many_workers(database, new_task):
    expected = [made(database, new_task) for _ in range(12)]
    together = threading.Barrier(8)

    def work(number: int) -> list[int]:
        together.wait(60)
        mine = []
        while (task := claimed(database, owner=f"w{number}")) is not None:
            mine.append(task.id)
        return mine

    with ThreadPoolExecutor(8) as pool:
        got = [task_id for mine in pool.map(work, range(8)) for task_id in mine]

    assert sorted(got) == expected


def test_one_task_has_one_winner(database, new_task):
    made(database, new_task)
    together = threading.Barrier(8)

    def work(number: int) -> object:
        together.wait(60)
        return claimed(database, owner=f"w{number}")

    with ThreadPoolExecutor(8) as pool:
        won = [task for task in pool.map(work, range(8)) if task is not None]

    assert [(task.state, task.epoch) for task in won] == [(TaskState.WORKING, 1)]


def test_the_oldest_task_is_claimed_first(database, new_task):
    late = made(database, new_task, now=NOW + timedelta(minutes=1))
    early = made(database, new_task, now=NOW)

    assert [claimed(database).id, claimed(database).id, claimed(database)] == [early, late, None]


def test_a_worker_whose_task_was_taken_over_cannot_write_any_more(database, new_task):
    made(database, new_task)
    first = claimed(database, owner="first")
    with database.write("test") as session:
        assert leases.take_all_back(session, now=NOW) == [first.id]
    second = claimed(database, owner="second")

    with pytest.raises(LeaseLost), database.write("test") as session:
        tasks.set_plan(session, first.id, Plan(steps=(Step(title="late"),)))
        fences.fence(session, first)
    with pytest.raises(LeaseLost), database.write("test") as session:
        tasks.release(session, first, TaskState.DONE, now=NOW, answer="late")

    assert read(database, first.id) == second
    with database.write("test") as session:
        fences.fence(session, second)


def test_a_released_task_is_not_its_workers_any_more(database, new_task):
    made(database, new_task)
    task = claimed(database)
    with database.write("test") as session:
        tasks.release(session, task, TaskState.WAITING, now=NOW)

    with pytest.raises(LeaseLost), database.write("test") as session:
        fences.fence(session, task)


def test_half_a_character_in_the_last_words_is_released_as_a_question_mark(database, new_task):
    made(database, new_task)
    task = claimed(database)
    with database.write("test") as session:
        tasks.release(session, task, TaskState.DONE, now=NOW, answer="Half \ud83d", note="\ud83d")
        assert (tasks.get(session, task.id).answer, tasks.get(session, task.id).note) == ("Half ?", "?")


def test_a_release_with_a_wake_in_between_is_queued_again(database, new_task):
    task_id = made(database, new_task)
    task = claimed(database)
    with database.write("test") as session:
        tasks.wake(session, task_id, now=NOW)
    with database.write("test") as session:
        became = tasks.release(session, task, TaskState.WAITING, now=NOW, answer="so far")

    assert became is TaskState.QUEUED
    assert (read(database, task_id).state, read(database, task_id).answer) == (TaskState.QUEUED, "so far")
    again = claimed(database)
    with database.write("test") as session:
        assert tasks.release(session, again, TaskState.WAITING, now=NOW) is TaskState.WAITING


def test_a_wake_queues_what_nobody_holds_and_leaves_what_is_held_to_its_worker(database, new_task):
    task_id = made(database, new_task)
    task = claimed(database)
    with database.write("test") as session:
        tasks.wake(session, task_id, now=NOW)
    assert read(database, task_id).state is TaskState.WORKING
    with database.write("test") as session:
        tasks.release(session, claimed_again(session, task), TaskState.DONE, now=NOW)
        tasks.wake(session, task_id, now=NOW)
    assert read(database, task_id).state is TaskState.QUEUED


def claimed_again(session, task):
    leases.take_all_back(session, now=NOW)
    return tasks.claim(session, owner="w2", now=NOW, only=task.id)


def test_a_paused_task_is_ready_when_its_time_has_come(database, new_task):
    task_id = made(database, new_task)
    task = claimed(database)
    later = NOW + timedelta(minutes=5)
    with database.write("test") as session:
        tasks.release(session, task, TaskState.PAUSED, now=NOW, note="outage", not_before=later)

    with database.read() as session:
        assert not tasks.is_any_ready(session, now=later - timedelta(seconds=1))
        assert tasks.is_any_ready(session, now=later)
        assert tasks.again_at(session, task_id) == later
    assert claimed(database, now=later - timedelta(seconds=1)) is None
    assert claimed(database, now=later).id == task_id


@pytest.mark.parametrize("state", [s for s in TaskState if s not in (TaskState.QUEUED, TaskState.WORKING)])
def test_what_waits_rests_or_is_over_is_not_claimed(database, new_task, state):
    made(database, new_task)
    with database.write("test") as session:
        tasks.release(session, tasks.claim(session, owner="w", now=NOW), state, now=NOW)

    assert claimed(database, now=NOW + timedelta(days=9)) is None


def test_a_task_of_the_terminal_is_claimed_only_by_name(database, new_task):
    task_id = made(database, new_task, place=Place(team=TERMINAL, channel=TERMINAL))

    with database.read() as session:
        assert not tasks.is_any_ready(session, now=NOW)
    assert claimed(database) is None
    assert claimed(database, only=task_id).id == task_id
    with database.write("test") as session:
        assert leases.take_all_back(session, now=NOW) == []
        assert leases.take_all_back(session, now=NOW, only=task_id) == [task_id]


def test_a_task_comes_back_as_it_was_written(database, new_task):
    folders = (FolderGrant(path="/srv/räport"), FolderGrant(path="/srv/wiki", writable=False))
    plan = Plan(steps=(Step(title="Look", state=StepState.COMPLETED), Step(title="Move")))
    with database.write("test") as session:
        given = {"folders": folders, "output": "Markdown", "context": "<b>", "autonomy": Autonomy.SUPERVISED}
        task = new_task(session, goal="Ordne 📁 & räume “auf”", **given)
        tasks.set_plan(session, task.id, plan)

    found = read(database, task.id)

    assert (found.goal, found.folders, found.plan) == ("Ordne 📁 & räume “auf”", folders, plan)
    assert (found.output, found.context, found.autonomy) == ("Markdown", "<b>", Autonomy.SUPERVISED)
    assert (found.person, found.place, found.state) == (ANA, THREAD, TaskState.QUEUED)


def test_times_keep_their_zone(database, new_task):
    task_id = made(database, new_task)
    task = claimed(database, now=NOW + timedelta(microseconds=7))

    assert read(database, task_id).created_at == NOW
    assert read(database, task_id).created_at.utcoffset() == timedelta(0)
    assert task.started_at == NOW + timedelta(microseconds=7)


def test_a_thread_is_the_newest_task_in_it_and_of_its_own_team_and_channel(database, new_task):
    made(database, new_task)
    newest = made(database, new_task)
    made(database, new_task, place=Place(team="T1", channel="C2", thread=THREAD.thread))
    made(database, new_task, place=Place(team="T1", channel="C1"))

    with database.read() as session:
        assert tasks.in_thread(session, THREAD).id == newest
        assert tasks.in_thread(session, Place(team="T2", channel="C1", thread=THREAD.thread)) is None
        assert tasks.in_thread(session, Place(team="T1", channel="C1")) is None


def test_a_thread_is_settled_once(database, new_task):
    task_id = made(database, new_task, place=Place(team="T1", channel="C1"))
    with database.write("test") as session:
        tasks.settle_thread(session, task_id, "1.1")
        tasks.settle_thread(session, task_id, "2.2")

    assert read(database, task_id).place.thread == "1.1"


def test_a_persons_tasks_are_theirs_alone_newest_first(database, new_task):
    mine = [made(database, new_task) for _ in range(3)]
    made(database, new_task, person=Person(team="T1", user="UBEN", name="Ben"))
    with database.write("test") as session:
        task = tasks.claim(session, owner="w", now=NOW, only=mine[0])
        tasks.release(session, task, TaskState.FAILED, now=NOW)

    with database.read() as session:
        assert [task.id for task in overview.of_person(session, ANA, limit=2)] == [mine[2], mine[1]]
        assert overview.count_open(session, ANA) == 2
        assert overview.count_by_state(session) == {TaskState.QUEUED: 3, TaskState.FAILED: 1}


def test_what_was_spent_adds_up_and_one_unknown_price_makes_the_sum_unknown(database, new_task):
    task_id = made(database, new_task)
    known = Usage(input_tokens=10, output_tokens=5, cache_read_tokens=100, cache_write_tokens=1, dollars=0.25)
    with database.write("test") as session:
        spending.add_usage(session, task_id, known)
        spending.add_usage(session, task_id, known)
    assert read(database, task_id).spent == Spent(turns=2, input_tokens=222, output_tokens=10, dollars=0.5)

    with database.write("test") as session:
        spending.add_usage(session, task_id, Usage(input_tokens=1))
        spending.add_usage(session, task_id, known)
    assert read(database, task_id).spent == Spent(turns=4, input_tokens=334, output_tokens=15, dollars=None)


def test_failures_count_up_until_a_turn_succeeds(database, new_task):
    task_id = made(database, new_task)
    with database.write("test") as session:
        assert [spending.count_failure(session, task_id) for _ in range(3)] == [1, 2, 3]
        spending.add_usage(session, task_id, Usage())
        assert spending.count_failure(session, task_id) == 1


def test_a_task_is_over_its_budget_until_it_is_given_more(database, new_task):
    task_id = made(database, new_task, budget=Budget(turns=1))
    with database.write("test") as session:
        assert spent_out(session, task_id) == ""
        spending.add_usage(session, task_id, Usage())
        assert spent_out(session, task_id) == "1 turns"
        spending.allow_more(session, task_id, Budget(turns=1))
        assert spent_out(session, task_id) == ""


def spent_out(session, task_id):
    now = spending.of_task(session, task_id)
    return now.budget.reached(now.used)
