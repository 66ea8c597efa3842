"""The steady clock: somebody sets the machine's clock while we run, and our time goes on."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.clock import SteadyClock

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Machine:
    """A wall clock that can be set, and an uptime that cannot. `asked` counts the looks at the wall."""

    def __init__(self) -> None:
        self.wall = NINE
        self.up = 1000.0
        self.asked = 0

    def time(self) -> datetime:
        self.asked += 1
        return self.wall

    def uptime(self) -> float:
        return self.up

    def passes(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.up += seconds

    def is_set(self, **by: float) -> None:
        self.wall += timedelta(**by)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.mark.parametrize("by", [{"minutes": -10}, {"days": 1}])
def test_time_goes_on_evenly_when_the_wall_clock_is_set(machine, by):
    clock = SteadyClock(machine.time, machine.uptime)
    machine.passes(5)
    machine.is_set(**by)
    assert clock() == NINE + timedelta(seconds=5)
    machine.passes(60)
    assert clock() == NINE + timedelta(seconds=65)


def test_the_log_says_once_that_the_wall_clock_was_set_and_again_after_it_was_right(machine, caplog):
    caplog.set_level("WARNING")
    clock = SteadyClock(machine.time, machine.uptime)
    for minutes in (-10, 0, 10, -10):
        machine.is_set(minutes=minutes)
        machine.passes(30)
        clock()
    said = [record.getMessage() for record in caplog.records]
    assert [line[:48] for line in said] == ["the machine's clock was moved by -600 seconds; t"] * 2


def test_a_wall_clock_that_is_nudged_is_not_worth_a_word(machine, caplog):
    caplog.set_level("WARNING")
    clock = SteadyClock(machine.time, machine.uptime)
    machine.is_set(seconds=29)
    machine.passes(30)
    clock()
    assert caplog.records == []


def test_resync_takes_the_time_of_the_source_and_says_how_far_it_had_moved(machine):
    clock = SteadyClock(machine.time, machine.uptime)
    machine.passes(5)
    machine.is_set(minutes=-10)
    assert clock.resync() == timedelta(minutes=-10)
    machine.passes(1)
    assert clock() == NINE + timedelta(minutes=-10, seconds=6)


def test_a_source_that_costs_something_is_asked_at_a_resync_only(machine):
    clock = SteadyClock(machine.time, machine.uptime, look_every=math.inf)
    for _ in range(3):
        machine.passes(3600)
        clock()
    assert machine.asked == 1
    clock.resync()
    assert machine.asked == 2


def test_a_source_that_answers_late_told_the_time_of_the_middle(machine):
    def slow() -> datetime:
        machine.passes(1)
        said = machine.wall
        machine.passes(1)
        return said

    clock = SteadyClock(slow, machine.uptime, look_every=math.inf)
    assert clock() == machine.wall == NINE + timedelta(seconds=2)
