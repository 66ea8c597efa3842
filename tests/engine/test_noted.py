"""What a read gave is written down together with what comes next, and lost by nobody who hears of it."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from bot.domain.task import TaskState
from bot.errors import DatabaseOut
from bot.rehearsal import trouble
from bot.rehearsal.answer import calls, text
from bot.store import leases
from bot.store.calls import CallState
from tests.engine.mortal import Died


def reading(*names):
    """A turn that reads these of the reports."""
    return lambda office: calls(*[("read_file", {"path": f"{office.reports}/{name}"}) for name in names])


def written(database):
    """The names of all writes from here on."""
    names = []
    write = database.write
    database.write = lambda name: [names.append(name), write(name)][1]
    return names


def test_a_turn_that_only_reads_costs_one_write(new_office):
    office = new_office(lambda _: reading("a.txt", "b.txt")(office), text("Read."))
    names = written(office.database)

    office.begin()

    assert [name for name in names if name.startswith("journal.")] == ["journal.record", "journal.record"]
    assert [entry.state for entry in office.entries(1)] == [CallState.ANSWERED, CallState.ANSWERED]


def test_a_plan_is_on_the_card_before_the_model_goes_on(new_office):
    plan = {"steps": [{"title": "Read", "status": "completed"}]}
    shown = []

    def then(_):
        shown.append(office.task(1).plan.steps[0].title)
        return text("Read.")

    office = new_office(calls(("update_plan", plan)), then)

    office.begin()

    assert shown[0] == "Read"


def test_words_that_come_while_it_reads_are_heard_before_the_next_turn(new_office):
    heard = []

    def then(request):
        heard.append(str(request["messages"][-1]["content"]))
        return text("Read.")

    office = new_office(lambda _: reading("a.txt")(office), then)
    task_id = office.start()

    def spoken_to(bench):
        run = bench.toolbox.run
        bench.toolbox.run = lambda call: [run(call), office.say(task_id, "Mind the title")][0]
        return bench

    office.laid_out = spoken_to
    office.work(task_id)

    assert "Mind the title" in heard[0]


def test_a_stop_while_the_model_thinks_reports_the_read_as_made(new_office):
    def stopped(_):
        office.intake.stop(office.task(1).person, 1)
        return text("Too late.")

    office = new_office(lambda _: reading("a.txt")(office), stopped)

    task = office.begin()

    assert task.state is TaskState.STOPPED
    (entry,) = office.entries(1)
    assert (entry.state, entry.is_error) == (CallState.ANSWERED, False)


def test_a_model_that_is_out_leaves_the_read_on_disk(new_office):
    def first(_):
        office.double.faults.next(trouble.overloaded())
        return reading("a.txt")(office)

    office = new_office(first, text("Read."))

    task = office.begin()

    assert task.state is TaskState.PAUSED
    assert [entry.state for entry in office.entries(1)] == [CallState.ANSWERED]


def test_a_process_that_dies_before_it_is_written_reads_again(new_office):
    """It dies at the write of the second turn: nobody has heard of what it read, and nothing of it is kept."""
    office = new_office(lambda _: reading("a.txt")(office), text("Read."))
    task_id = office.start()
    write = office.database.write
    office.database.write = dying_at(write, "journal.record", 2)
    with pytest.raises(Died):
        office.work(task_id)
    kept = office.history(task_id)
    assert [entry.state for entry in office.entries(task_id)] == [CallState.OPEN]

    office.database.write = write
    with office.database.write("test") as session:
        leases.take_all_back(session, now=office.clock())
    task = office.work(task_id)

    assert (task.state, task.answer) == (TaskState.DONE, "Read.")
    assert [entry.state for entry in office.entries(task_id)] == [CallState.ANSWERED]
    assert office.history(task_id)[: len(kept)] == kept


def dying_at(write, name, number):
    """A database whose process dies at this write, when it comes for the `number`th time."""
    reached = []

    def mortal(named):
        reached.append(named)
        if reached.count(name) >= number:
            raise Died
        return write(named)

    return mortal


def test_a_task_that_has_used_all_its_turns_pauses_with_what_it_read_on_disk(new_office):
    office = new_office(lambda _: reading("a.txt")(office), changes={"turns": 1})

    task = office.begin()

    assert task.state is TaskState.PAUSED
    assert [entry.state for entry in office.entries(1)] == [CallState.ANSWERED]


def test_a_database_that_is_out_when_a_read_ends_is_waited_for(new_office):
    office = new_office(lambda _: reading("a.txt")(office), text("Read."))
    read = office.database.read
    tries = []

    @contextmanager
    def out_once():
        with read() as session:
            yield session
        if office.double.requests and len(tries) < 1:
            tries.append(1)
            raise DatabaseOut("it is out", retry_after=1)

    office.database.read = out_once

    assert office.begin().state is TaskState.DONE
    assert tries
