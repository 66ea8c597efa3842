"""Allow all of this kind: the button, what it says, and how it is taken back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.approval import ApprovalState
from tests.eventually import eventually
from tests.slack.conftest import Office


@pytest.fixture
def asked(office: Office) -> str:
    """Ana's task waits for a decision on two moves in a granted folder. The approval's id."""
    office.ana.command("reports", "/cowork Tidy the reports")
    office.shown("Queued: ")
    return office.asked(2, rule=9)


def labels(message: dict[str, Any]) -> list[str]:
    actions = [block for block in message["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for block in actions for element in block["elements"]]


def test_the_offer_says_what_else_it_allows_and_the_card_shows_it_until_it_is_withdrawn(
    office: Office, asked: str, words: Any
) -> None:
    message = office.shown("Your decision is needed")
    assert labels(message)[:2] == ["Approve", "Allow all of this kind"]
    assert "also allows up to 25 more “move file” in" in words(message)

    office.ana.press(message, "approval_kind")

    office.shown("Approved: Move the reports")
    card = eventually(lambda: next((one for one in office.messages() if "Withdraw" in words(one)), None))
    assert "approved up to 25 more “move file” in" in words(card)
    held = office.record.snapshot(office.tasks()[0].id).kinds
    assert [one.left for one in held] == [25]

    office.ana.press(card, "task_withdraw:0")

    eventually(lambda: not any("Withdraw" in words(one) for one in office.messages()))
    assert office.record.snapshot(office.tasks()[0].id).kinds == ()


def test_nobody_else_can_allow_it_or_take_it_back(office: Office, asked: str, words: Any) -> None:
    office.ben.press(office.shown("Your decision is needed"), "approval_kind")
    assert office.told(office.ben, "Only").endswith("can decide this.")
    approval = office.record.approval(asked)
    assert approval is not None and approval.state is ApprovalState.PENDING

    office.ana.press(office.shown("Your decision is needed"), "approval_kind")
    card = eventually(lambda: next((one for one in office.messages() if "Withdraw" in words(one)), None))
    office.ben.press(card, "task_withdraw:0")

    eventually(lambda: len(office.whispered(office.ben)) == 2)
    assert office.record.snapshot(office.tasks()[0].id).kinds != ()


def test_where_no_row_is_known_to_ask_there_is_no_such_offer(office: Office) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    office.shown("Queued: ")
    office.asked(2)

    assert "Allow all of this kind" not in labels(office.shown("Your decision is needed"))
