"""Requests that wait long, and parts that are left out, as they are in Slack."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import update

from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.patience import Patience
from bot.domain.task import TaskState
from bot.engine.overdue import Overdue
from bot.slack.views import choose
from bot.store.tables import ApprovalRow

Office = Any


@pytest.fixture
def asked(office: Office) -> str:
    """Ana's task waits for a decision on twelve actions in its thread. The approval's id."""
    office.ana.command("reports", "/cowork Tidy the reports")
    office.shown("Queued: ")
    approval: str = office.asked(12, kind=ApprovalKind.CALLS)
    office.shown("Your decision is needed")
    return approval


def boxes(view: dict[str, Any], *numbers: int) -> dict[str, Any]:
    """The boxes as they are sent with these on."""
    given: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            on = [one for one in block["element"]["options"] if int(one["value"]) in numbers]
            given[block["block_id"]] = {choose.ACTIONS: {"type": "checkboxes", "selected_options": on}}
    return given


def choosing(office: Office, person: Any) -> dict[str, Any]:
    person.press(office.shown("Your decision is needed"), "approval_choose")
    view: dict[str, Any] = office.modal(person, "Choose")
    return view


def test_what_is_taken_off_is_left_out_and_shown_so(office: Office, asked: str, words: Any) -> None:
    view = choosing(office, office.ana)
    answer = office.ana.submit(view["id"], boxes(view, *range(1, 11), 12))

    assert answer == {"result": "closed", "view": None}
    approval = office.record.approval(asked)
    assert (approval.state, approval.left_out) == (ApprovalState.APPROVED, (11,))
    assert "Left out: 1 of 12" in words(office.shown("Approved: Move the reports"))


def test_left_as_it_opened_it_approves_all(office: Office, asked: str) -> None:
    view = choosing(office, office.ana)
    office.ana.submit(view["id"], {})

    approval = office.record.approval(asked)
    assert (approval.state, approval.left_out) == (ApprovalState.APPROVED, ())


def test_with_nothing_left_the_window_says_what_to_press_instead(office: Office, asked: str) -> None:
    view = choosing(office, office.ana)
    answer = office.ana.submit(view["id"], boxes(view))

    assert answer["errors"][choose.FIRST].startswith("Nothing of it would be left.")
    assert office.record.approval(asked).is_pending


def test_another_person_cannot_approve_by_choosing(office: Office, asked: str) -> None:
    view = choosing(office, office.ben)
    answer = office.ben.submit(view["id"], boxes(view, 1))

    assert "can decide this" in answer["errors"][choose.FIRST]
    assert office.record.approval(asked).is_pending


def test_of_two_who_decide_at_once_the_one_with_the_window_learns_whose_it_was(
    office: Office, asked: str, words: Any
) -> None:
    view = choosing(office, office.ana)
    office.ana.press(office.shown("Your decision is needed"), "approval_approve")
    assert office.ana.submit(view["id"], boxes(view, 1))["result"] == "updated"

    assert words(office.ana.modal()).startswith("This was already approved by Ana Silva, ")
    assert office.record.approval(asked).left_out == ()


def set_on_all(office: Office, **values: Any) -> None:
    with office.database.write("test") as session:
        session.execute(update(ApprovalRow).values(**values))


def test_the_reminder_stands_in_the_thread_once(office: Office, asked: str) -> None:
    thread = office.shown("Your decision is needed")["thread_ts"]
    overdue = Overdue(Patience(), frozenset({office.ben.id}), clock=office.clock)
    set_on_all(office, due_at=office.clock())
    overdue.once(office.database)
    overdue.once(office.database)
    office.bell.ring()

    reminder = office.shown("This waits for you: Move the reports")
    assert reminder["thread_ts"] == thread
    assert [text for text in office.texts() if text.startswith("This waits for you")] == [reminder["text"]]


def test_a_click_on_what_ran_out_is_told_so_and_the_task_goes_on_to_ask_anew(
    office: Office, asked: str
) -> None:
    message = office.shown("Your decision is needed")
    set_on_all(office, expires_at=office.clock())

    office.ana.press(message, "approval_approve")

    office.told(office.ana, "Nobody had answered this in time. I put it to you again below")
    assert office.record.approval(asked).state is ApprovalState.LAPSED
    assert office.tasks()[0].state is TaskState.QUEUED
    office.shown("Nobody answered in time")
