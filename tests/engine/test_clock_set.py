"""Somebody sets the machine's clock while a task rests: it goes on after its rest, not earlier and not a day later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.clock import SteadyClock
from bot.domain.task import TaskState
from bot.rehearsal import trouble
from bot.rehearsal.answer import text
from tests.domain.test_clock import Machine


@pytest.mark.parametrize("by", [{"minutes": -10}, {"days": 1}])
def test_a_paused_task_goes_on_when_its_rest_is_over(by, new_office):
    machine = Machine()
    office = replace(new_office(text("Done.")), clock=SteadyClock(machine.time, machine.uptime))
    office.double.faults.next(trouble.overloaded())
    task = office.begin()
    assert task.state is TaskState.PAUSED
    machine.is_set(**by)
    assert office.claimed(task.id) is None
    machine.passes(60)
    assert office.work(task.id).state is TaskState.DONE
    assert office.task(task.id).ended_at - task.started_at == timedelta(seconds=60)
