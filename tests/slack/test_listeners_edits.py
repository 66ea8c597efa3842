"""Edit… on a checkpoint, as a person in Slack does it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.task import TaskState
from bot.slack.views import edit

Office = Any


def checkpoint(office: Office) -> dict[str, Any]:
    return office.shown("Your decision is needed: Move the reports")


def given(**values: str) -> dict[str, Any]:
    typed = {"type": "plain_text_input"}
    return {
        f"argument_{name}_0": {edit.ARGUMENT: {**typed, "value": value}} for name, value in values.items()
    }


def which(number: int) -> dict[str, Any]:
    option = {"value": str(number), "text": {"type": "plain_text", "text": "x"}}
    return {edit.WHICH: {edit.WHICH: {"type": "static_select", "selected_option": option}}}


def initial(form: dict[str, Any]) -> list[str | None]:
    return [block["element"].get("initial_value") for block in form["blocks"] if block["type"] == "input"]


@pytest.fixture
def asked(office: Office) -> str:
    office.ana.command("reports", "/cowork Tidy the reports")
    office.shown("Queued: ")
    approval: str = office.asked(1)
    return approval


def test_the_form_shows_the_arguments_and_what_is_made_of_them_is_asked_anew(
    office: Office, asked: str
) -> None:
    office.ana.press(checkpoint(office), "approval_edit")
    form = office.modal(office.ana, "Edit")
    assert initial(form) == ["1", None]

    answer = office.ana.submit(form["id"], given(source="1", destination="/srv/2"))

    assert answer["result"] == "closed"
    approval = office.record.approval(asked)
    assert (approval.state, approval.decided_by.name) == (ApprovalState.EDITED, "Ana Silva")
    assert office.tasks()[0].state is TaskState.QUEUED
    office.shown("Changed: Move the reports")


def test_of_several_actions_one_is_chosen_first(office: Office) -> None:
    office.task(office.ana, "Tidy the reports")
    office.shown("Queued: ")
    office.asked(3)
    office.ana.press(checkpoint(office), "approval_edit")
    first = office.modal(office.ana, "Edit")

    assert office.ana.submit(first["id"], which(2))["result"] == "updated"
    form = office.ana.modal()
    assert initial(form)[0] == "2"
    assert office.ana.submit(form["id"], given(source="b", destination="/srv/2"))["result"] == "closed"


def test_what_is_wrong_is_said_in_the_form(office: Office, asked: str) -> None:
    office.ana.press(checkpoint(office), "approval_edit")
    form = office.modal(office.ana, "Edit")

    answer = office.ana.submit(form["id"], given(source="2", destination=""))
    assert "argument_destination_0" in answer["errors"]
    answer = office.ana.submit(form["id"], given(source="1", destination="1"))
    assert answer["result"] == "closed"
    assert office.record.approval(asked).state is ApprovalState.EDITED


def test_another_cannot_edit_what_they_cannot_decide(office: Office, asked: str) -> None:
    office.ben.press(checkpoint(office), "approval_edit")
    form = office.modal(office.ben, "Edit")
    answer = office.ben.submit(form["id"], given(source="1", destination="/srv/2"))

    assert "can decide this" in answer["errors"]["argument_destination_0"]
    assert office.record.approval(asked).is_pending


def test_an_edit_that_comes_too_late_says_who_decided(office: Office, asked: str, words: Any) -> None:
    message = checkpoint(office)
    office.ana.press(message, "approval_edit")
    form = office.modal(office.ana, "Edit")
    office.ana.press(message, "approval_approve")

    assert office.ana.submit(form["id"], given(source="1", destination="/srv/2"))["result"] == "updated"
    assert words(office.ana.modal()).startswith("This was already approved by Ana Silva, ")
    office.ana.press(message, "approval_edit")
    office.told(office.ana, "This was already approved")
