"""A question is answered by a button or in words, and the answer goes to the model as it was given."""

from __future__ import annotations

import pytest

from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.task import TaskState
from bot.engine.hearing import Heard
from bot.errors import NotAllowed
from bot.rehearsal.answer import calls, text
from tests.engine.office import results, words


@pytest.mark.parametrize("answer_by", ["button", "words"])
def test_a_question_is_answered(new_office, answer_by):
    office = new_office(
        calls(("ask_person", {"question": "Which quarter?", "options": ["Q3", "Q4"]})), text("Q4 then.")
    )
    task = office.begin()
    draft = office.pending(task.id).draft
    assert (draft.kind, draft.title, draft.options) == (ApprovalKind.QUESTION, "Which quarter?", ("Q3", "Q4"))

    if answer_by == "button":
        office.decide(task.id, ApprovalState.ANSWERED, "Q4")
    else:
        assert office.say(task.id, "Q4") is Heard.ANSWERED

    assert office.work(task.id).state is TaskState.DONE
    assert results(office.double) == [("Ana Silva answered: Q4", False)]
    assert words(office.double) == []


def test_a_yes_to_a_question_is_an_answer(new_office):
    office = new_office(
        calls(("checkpoint", {"title": "Scope", "summary": "s", "question": "All?"})), text("All.")
    )
    task = office.begin()

    assert office.say(task.id, "yes") is Heard.ANSWERED
    office.work(task.id)
    assert results(office.double) == [("Ana Silva answered: yes", False)]


def test_what_is_not_offered_cannot_be_chosen(new_office):
    office = new_office(calls(("ask_person", {"question": "Which?"})))
    task = office.begin()

    with pytest.raises(NotAllowed, match="not one of the choices"):
        office.decide(task.id, ApprovalState.APPROVED)
    assert office.pending(task.id).is_pending
