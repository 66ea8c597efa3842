"""A task pauses where a budget is used up, its own or a shared one; its work is kept, and somebody allows more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import budget
from bot.domain.deciders import Facts
from bot.domain.event import News
from bot.domain.person import Person
from bot.domain.task import TaskState
from bot.errors import NotAllowed
from bot.rehearsal.answer import calls, text
from bot.rehearsal.structured import nothing_found
from bot.store import budgets, tasks
from tests.engine.office import ANA, BEN, words

MIA = Person(team="T1", user="UMIA", name="Mia Chen")
OPUS = "claude-opus-5-5"
TWO_DOLLARS = {"input_tokens": 0, "output_tokens": 100_000, "cache_creation_input_tokens": 0}


def looking(office, **usage):
    """A turn that looks once."""
    turn = calls(("list_folder", {"path": str(office().reports)}))
    return replace(turn, usage=usage or None)


def looks(new_office, count, *, usage=None, **given):
    """An office whose model looks so often, and then says that it is done."""
    made = []
    turns = [lambda _: looking(lambda: made[0], **(usage or {}))] * count
    made.append(new_office(*turns, text("Done."), text("Done, too."), **given))
    return made[0]


def with_budgets(**texts):
    return {f"budget_{scope}": budget.parsed(written) for scope, written in texts.items()}


def test_money_pauses_a_task_when_it_is_used_up_and_retry_allows_as_much_again(new_office):
    changes = with_budgets(task="dollars=3")
    office = looks(new_office, 3, usage=TWO_DOLLARS, model=OPUS, changes=changes)

    task = office.begin()

    assert (task.state, task.spent.turns) == (TaskState.PAUSED, 2)
    assert task.note == (
        "The task has used the $3.00 it was given. What was done is kept. Press Retry to give it as much again."
    )
    office.intake.retry(ANA, task.id)
    assert office.work(task.id).state is TaskState.DONE


def test_a_model_without_a_known_price_counts_by_its_tokens(new_office):
    many = {"input_tokens": 0, "output_tokens": 2_000_000, "speed": "fast"}
    office = looks(new_office, 2, usage=many, model=OPUS, changes=with_budgets(task="dollars=2"))

    task = office.begin()

    assert (task.state, task.spent.turns, task.spent.dollars) == (TaskState.PAUSED, 1, None)


def test_minutes_are_those_of_work_and_waiting_for_a_person_takes_none(new_office):
    def slowly(answer):
        def after_a_while(_):
            office.clock.forward(minutes=20)
            return answer

        return after_a_while

    question = calls(("ask_person", {"question": "Which?"}))
    office = new_office(
        slowly(question), slowly(question), text("Done."), changes=with_budgets(task="minutes=30")
    )
    task = office.begin()
    assert task.state is TaskState.WAITING

    office.clock.forward(hours=5)
    office.say(task.id, "All of them")
    assert office.work(task.id).state is TaskState.WAITING
    office.say(task.id, "All of them")
    paused = office.work(task.id)

    assert paused.state is TaskState.PAUSED
    assert paused.note.startswith("The task has used the 30 minutes of work it was given.")


def test_at_80_percent_people_and_the_model_are_told_once(new_office):
    office = looks(new_office, 5, changes={"turns": 6} | with_budgets(person="0", workspace="0"))

    task = office.begin()

    told = [one.data["what"] for one in office.record.news(task.id) if one.news is News.NEARLY_SPENT]
    assert told == ["5 of 6 turns of the budget of this task"]
    assert task.state is TaskState.DONE
    noted = [one for number in range(6) for one in words(office.double, number) if "Nearly used up" in one]
    assert len(noted) == 1


def test_a_shared_budget_pauses_all_who_share_it_until_an_approver_allows_more(new_office):
    changes = with_budgets(person="turns=3") | {"approvers": frozenset({BEN.user})}
    office = looks(new_office, 3, changes=changes)
    first = office.begin()
    assert (first.state, first.spent.turns) == (TaskState.PAUSED, 3)
    assert first.note == (
        "The budget of Ana Silva for today (3 turns) is used up. What was done is kept. I go on by myself tomorrow "
        "(00:00 UTC); an approver or a workspace admin who presses Retry allows "
        "as much again for today."
    )
    second = office.begin("Something else")
    assert (second.state, second.spent.turns) == (TaskState.PAUSED, 0)

    with pytest.raises(NotAllowed, match="shared"):
        office.intake.retry(ANA, first.id)
    office.intake.retry(BEN, first.id)

    assert office.work(first.id).state is TaskState.DONE
    office.clock.forward(seconds=1)
    assert office.work(second.id).state is TaskState.DONE, "it shares what was allowed"


def test_an_admin_of_the_workspace_allows_more_of_a_shared_budget_and_no_guest_does(new_office):
    office = looks(
        new_office, 3, changes=with_budgets(person="turns=3") | {"approvers": frozenset({BEN.user})}
    )
    task = office.begin()

    for facts in (Facts(), Facts(is_admin=True, is_guest=True)):
        with pytest.raises(NotAllowed, match="A named approver or a workspace admin can press Retry"):
            office.intake.retry(MIA, task.id, facts=facts)
    with pytest.raises(NotAllowed, match="shared"):
        office.intake.retry(BEN, task.id, facts=Facts(is_guest=True))
    with pytest.raises(NotAllowed, match="shared"):
        office.intake.retry(replace(MIA, team="T2"), task.id, facts=Facts(is_admin=True))
    office.intake.retry(MIA, task.id, facts=Facts(is_admin=True))

    assert office.work(task.id).state is TaskState.DONE


def test_an_admin_is_nobody_special_where_a_task_used_up_what_is_its_own(new_office):
    office = looks(new_office, 3, changes=with_budgets(task="turns=3"))
    task = office.begin()
    assert task.state is TaskState.PAUSED

    with pytest.raises(NotAllowed, match="Only Ana Silva"):
        office.intake.retry(MIA, task.id, facts=Facts(is_admin=True))


def test_a_shared_budget_begins_anew_the_next_day(new_office):
    office = looks(new_office, 3, changes=with_budgets(channel="turns=2"))
    task = office.begin()
    assert task.state is TaskState.PAUSED
    assert "the budget of this channel for today (2 turns)".capitalize() in task.note.capitalize()

    office.clock.forward(hours=14, minutes=29)
    assert office.claimed(task.id) is None
    office.clock.forward(minutes=1)

    done = office.work(task.id)
    assert done.state is TaskState.DONE, done.note


def test_what_is_held_for_a_call_is_free_again_when_the_task_lets_go(new_office):
    office = new_office(calls(("ask_person", {"question": "Which?"})), text("Done."))
    task = office.begin()

    with office.database.read() as session:
        assert budgets.reserved(session, task.id) is None
        standing = session.exec(budgets.select(budgets.BudgetRow)).all()
    assert [(row.turns, row.held_turns, row.held_tokens) for row in standing] == [(1, 0, 0)] * 2


def test_a_task_whose_others_hold_what_is_left_looks_again_in_a_minute(new_office):
    office = looks(new_office, 1, changes=with_budgets(person="turns=1", workspace="0"))
    working = office.start("The other")
    other = office.claimed(working)
    bench = office.workshop.bench(other)
    assert bench.journal.spent_out() is None, "it holds the one turn"

    task = office.begin()

    assert task.state is TaskState.PAUSED
    assert "is held by calls that are on their way" in task.note
    with office.database.read() as session:
        assert tasks.again_at(session, task.id) == office.clock.now.replace(minute=31)


def test_a_brief_that_a_small_model_reads_is_counted(new_office):

    office = new_office(text("Done."), reads=nothing_found)
    task = office.begin()

    assert task.spent.turns == 2
    with office.database.read() as session:
        rows = session.exec(budgets.select(budgets.BudgetRow)).all()
    assert {row.turns for row in rows} == {2}
