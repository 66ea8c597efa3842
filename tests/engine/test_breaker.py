"""A dead service sees a probe now and then, whatever the number of tasks; when it answers, they go on."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlmodel import func, select

from bot.domain.event import News
from bot.domain.person import Place
from bot.domain.task import TaskState
from bot.engine.breaker import Breakers
from bot.errors import DatabaseOut, Resting, Unavailable
from bot.model.errors import BrokenAnswer, Cut
from bot.rehearsal import trouble
from bot.rehearsal.answer import calls, text
from bot.store.tables import TaskRow
from tests.engine.office import ANA, Clock


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def recovered():
    return []


@pytest.fixture
def breaker(clock, recovered):
    return Breakers(clock=clock, recovered=recovered.append).of("GitHub")


def fail(breaker, error=None, **given):
    with pytest.raises(Unavailable) as raised, breaker.guarding(**given):
        raise error or Unavailable("it is down")
    return raised.value


def out(breaker):
    """Three failures in a row, and it is let alone for five seconds."""
    for _ in range(3):
        fail(breaker)


def rest(breaker):
    """How long it is let alone, in seconds; None when a call is let through."""
    try:
        with breaker.guarding():
            raise Cut("a call that tells nothing")
    except Resting as resting:
        assert (resting.service, resting.nothing_done) == ("GitHub", True)
        return resting.retry_after
    except Cut:
        return None


def test_after_three_failures_in_a_row_calls_fail_at_once(breaker):
    assert fail(breaker).service == "GitHub"
    fail(breaker)
    assert rest(breaker) is None
    fail(breaker)
    assert rest(breaker) == 5


def test_a_success_between_failures_begins_the_count_anew(breaker, recovered):
    for _ in range(4):
        fail(breaker)
        fail(breaker)
        with breaker.guarding():
            pass
    assert (rest(breaker), recovered) == (None, [])


@pytest.mark.parametrize("error", [BrokenAnswer("nonsense"), DatabaseOut("our own")], ids=type)
def test_what_is_not_the_services_failure_is_not_counted(breaker, error):
    for _ in range(5):
        fail(breaker, error)
    assert rest(breaker) is None
    assert error.service != "GitHub"


def test_one_probe_at_a_time_is_let_through_when_the_rest_is_over(breaker, clock, recovered):
    out(breaker)
    clock.forward(seconds=5)
    with breaker.guarding():
        assert [rest(breaker) for _ in range(3)] == [5, 5, 5]
        assert recovered == []
    assert (rest(breaker), recovered) == (None, ["GitHub"])


def test_of_many_threads_one_becomes_the_probe(breaker, clock):
    out(breaker)
    clock.forward(seconds=5)
    together, over = threading.Barrier(20), threading.Event()
    seen = []

    def call():
        together.wait(60)
        try:
            with breaker.guarding():
                assert over.wait(60)
                seen.append("called")
        except Resting:
            seen.append("rested")
            if seen.count("rested") == 19:
                over.set()

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(seen) == ["called", *["rested"] * 19]


def test_rests_grow_to_a_minute_and_begin_small_again_after_a_success(breaker, clock):
    out(breaker)
    rests = []
    for _ in range(6):
        rests.append(rest(breaker))
        clock.forward(seconds=rests[-1])
        fail(breaker)
    assert rests == [5, 10, 20, 40, 60, 60]
    clock.forward(seconds=60)
    with breaker.guarding():
        pass
    out(breaker)
    assert rest(breaker) == 5


def test_the_service_is_let_alone_for_as_long_as_it_asks(breaker):
    for _ in range(3):
        fail(breaker, Unavailable("slow down", retry_after=300))
    assert rest(breaker) == 300


def test_a_late_answer_from_before_the_rest_does_not_end_it(breaker, recovered):
    with breaker.guarding():
        out(breaker)
    assert (rest(breaker), recovered) == (5, [])


def test_failures_of_calls_from_before_the_rest_do_not_prolong_it(breaker):
    with pytest.raises(Unavailable), breaker.guarding():
        with pytest.raises(Unavailable), breaker.guarding():
            out(breaker)
            raise Unavailable("it is down")
        raise Unavailable("it is down")
    assert rest(breaker) == 5


def test_a_probe_that_was_cut_leaves_its_place_to_the_next(breaker, clock):
    out(breaker)
    clock.forward(seconds=5)
    assert rest(breaker) is None
    assert rest(breaker) is None


def test_who_insists_is_let_through(breaker):
    out(breaker)
    assert not isinstance(fail(breaker, insists=lambda: True), Resting)
    assert isinstance(fail(breaker, insists=lambda: False), Resting)


def test_a_clock_that_was_set_back_does_not_prolong_the_rest(breaker, clock):
    out(breaker)
    clock.forward(hours=-3)
    assert rest(breaker) is None


def looks_then_ends(office):
    """Each task looks around, and ends at its second turn."""

    def mind(request):
        if len(request["messages"]) > 1:
            return text("Done.")
        return calls(("list_folder", {"path": str(office().reports)}))

    return mind


def paused(office):
    """When each task goes on by itself, soonest first."""
    query = select(TaskRow.id, TaskRow.not_before).where(TaskRow.state == TaskState.PAUSED)
    with office.database.read() as session:
        return sorted(((at, task_id) for task_id, at in session.exec(query) if at), key=lambda one: one[0])


def work_on_the_next(office):
    """Let time pass until a task goes on by itself."""
    at, task_id = paused(office)[0]
    office.clock.now = max(office.clock(), at)
    office.work(task_id)


def test_a_hundred_tasks_do_not_hammer_a_dead_model_and_all_go_on_when_it_is_back(new_office):
    office = new_office(mind=looks_then_ends(lambda: office), changes={"open_tasks": 200})
    places = [Place(team="T1", channel="C1", thread=f"17.{number}") for number in range(100)]
    started = [office.start(place=place) for place in places]
    office.work(started[0])
    office.double.faults.always = trouble.overloaded()
    seen = len(office.double.requests)
    for task_id in started[1:]:
        office.work(task_id)
    assert len(office.double.requests) - seen == 3
    assert len(paused(office)) == 99

    ends = office.clock() + timedelta(minutes=3)
    while office.clock() < ends:
        work_on_the_next(office)
    tried = len(office.double.requests) - seen
    assert tried <= 9
    with office.database.read() as session:
        assert session.exec(select(func.sum(TaskRow.failures))).one() == tried
    told = [event.news for task_id in started for event in office.record.news(task_id)]
    assert told.count(News.PAUSED) <= 99 + tried

    office.double.faults.always = None
    while len(office.double.requests) - seen == tried:
        work_on_the_next(office)
    soon = [at - office.clock() for at, _ in paused(office)]
    assert (len(soon), len(set(soon)) > 50, max(soon) <= timedelta(seconds=20)) == (98, True, True)
    office.clock.forward(seconds=20)
    for task_id in started[1:]:
        office.work(task_id)

    assert {office.task(task_id).state for task_id in started} == {TaskState.DONE}
    assert {len(office.history(task_id)) for task_id in started} == {4}


def test_retry_tries_although_the_model_is_let_alone(new_office):
    office = new_office(text("Done."), text("Done."), text("Done."))
    office.double.faults.always = trouble.overloaded()
    several = [office.begin(place=Place(team="T1", channel="C1", thread=f"17.{n}")) for n in range(5)]
    assert len(office.double.requests) == 3
    last = several[-1]
    assert last.note == (
        "The model cannot be reached: it did not answer others a moment ago. What was done is kept. "
        "I will try again by myself; Retry tries now."
    )
    office.double.faults.always = None
    office.intake.retry(ANA, last.id)

    assert office.work(last.id).state is TaskState.DONE
