"""A task that gets nowhere stops and asks, with its work kept; the answer goes on."""

from __future__ import annotations

from bot.domain.task import TaskState
from bot.rehearsal.answer import calls, text
from tests.engine.office import ANA, words


def failing(office, name="none.txt"):
    return calls(("read_file", {"path": f"{office.reports}/{name}"}))


def stumbler(new_office, *turns, **given):
    """An office whose model reads these, a turn each."""
    made = []
    script = [lambda _, name=name: failing(made[0], name) for name in turns]
    made.append(new_office(*script, text("Done."), **given))
    return made[0]


def test_three_identical_failures_in_a_row_stop_it_and_an_answer_goes_on(new_office):
    office = stumbler(new_office, "none.txt", "none.txt", "none.txt")

    task = office.begin()

    assert (task.state, task.spent.turns) == (TaskState.PAUSED, 3)
    assert task.note.startswith("The same step failed three times in a row: ")
    assert "none.txt" in task.note
    assert task.note.endswith(
        "Tell me in this thread what to do instead, or press Retry to let me try again."
    )
    office.say(task.id, "Leave it out")
    assert office.work(task.id).state is TaskState.DONE
    assert any("Leave it out" in one for one in words(office.double))


def test_retry_lets_it_try_again(new_office):
    office = stumbler(new_office, *["none.txt"] * 6)
    task = office.begin()

    office.intake.retry(ANA, task.id)

    assert (office.work(task.id).state, office.task(task.id).spent.turns) == (TaskState.PAUSED, 6)


def test_other_failures_and_a_success_in_between_do_not_add_up(new_office):
    office = stumbler(
        new_office, "none.txt", "none.txt", "other.txt", "none.txt", "none.txt", "a.txt", "none.txt"
    )

    assert office.begin().state is TaskState.DONE


def test_many_turns_without_anything_new_stop_it(new_office):
    office = stumbler(new_office, *["a.txt"] * 5, changes={"stuck_turns": 4})

    task = office.begin()

    assert (task.state, task.spent.turns) == (TaskState.PAUSED, 5)
    assert task.note.startswith("In 4 turns nothing new came of it. What was done is kept.")


def test_work_that_finds_something_new_each_turn_is_not_stopped(new_office):
    office = stumbler(new_office, "a.txt", "a.txt", "b.txt", "b.txt", "c.txt", changes={"stuck_turns": 2})

    assert office.begin().state is TaskState.DONE
