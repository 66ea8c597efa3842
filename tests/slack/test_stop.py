"""Every way of stopping a task that a person has in Slack, and who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.task import TaskState

Office = Any
Way = Callable[[Office, Any, dict[str, Any]], object]

WAYS: dict[str, Way] = {
    "the button": lambda office, who, card: who.press(card, "task_stop"),
    "Slack's own Stop": lambda office, who, card: who.stop_session("reports", card["thread_ts"]),
    "the command": lambda office, who, card: who.command("reports", "/cowork stop 1"),
    "the word": lambda office, who, card: who.say("reports", "Stop!", thread_ts=card["thread_ts"]),
    "a stop sign on the card": lambda office, who, card: who.react("reports", card["ts"], "no_entry"),
    "a stop sign on the goal": lambda office, who, card: who.react(
        "reports", card["thread_ts"], "octagonal_sign"
    ),
}


@pytest.fixture
def card(office: Office, until: Any) -> dict[str, Any]:
    """Of the task that Ana asked for and that is being worked on."""
    said = office.ana.say("reports", "@cowork tidy the reports")
    office.shown("Queued: ")
    office.working()
    sessions = office.slack.workspace.store
    until(lambda: (sessions.get("session", f"{office.reports}/{said['ts']}") or {}).get("status"))
    shown: dict[str, Any] = office.shown("Working: ")
    return shown


@pytest.mark.parametrize("way", WAYS)
def test_the_requester_stops_a_task_by(way: str, office: Office, card: dict[str, Any], until: Any) -> None:
    WAYS[way](office, office.ana, card)

    until(lambda: office.tasks()[0].stop_by)
    assert office.tasks()[0].stop_by in ("Ana Silva", "ana")


@pytest.mark.parametrize("way", [way for way in WAYS if way != "Slack's own Stop"])
def test_another_is_told_privately_whose_it_is_and_stops_nothing_by(
    way: str, office: Office, card: dict[str, Any]
) -> None:
    WAYS[way](office, office.ben, card)

    said = office.told(office.ben, "Only")
    assert office.whispered(office.ben) == [said]
    assert (office.tasks()[0].stop_by, office.whispered(office.ana)) == ("", [])


def test_a_stop_sign_on_the_checkpoint_stops_the_task_that_waits(office: Office, until: Any) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    office.shown("Queued: ")
    approval = office.asked()

    office.ana.react("reports", office.shown("Your decision is needed")["ts"], "no_entry")

    office.shown("Stopped: Move the reports")
    assert office.record.approval(approval).decided_by.name == "Ana Silva"
    assert office.tasks()[0].state is TaskState.STOPPED


def test_a_stop_sign_on_a_later_part_of_our_words_and_on_a_file_finds_its_task(
    office: Office, card: dict[str, Any], until: Any
) -> None:
    office.delivered(office.tasks()[0], "index.md", b"# Index")
    file = until(lambda: next((one for one in office.messages() if one["file_ids"]), None))

    office.ana.react("reports", file["ts"], "no_entry_sign")

    until(lambda: office.tasks()[0].stop_by)


def test_a_stop_sign_on_a_card_whose_posting_we_have_not_heard_of_finds_its_task(
    office: Office, until: Any
) -> None:
    office.slack.control.lose_answer("chat.postMessage")
    office.ana.command("reports", "/cowork Tidy the reports")

    office.ana.react("reports", office.shown("Queued: ")["ts"], "no_entry")

    until(lambda: office.tasks()[0].stop_by)


def test_other_reactions_and_other_messages_stop_nothing(
    office: Office, card: dict[str, Any], until: Any
) -> None:
    lunch = office.ana.say("reports", "Lunch?")
    office.ana.react("reports", card["ts"], "+1")
    office.ana.react("reports", lunch["ts"], "no_entry")

    until(lambda: arrived(office, "+1") and arrived(office, "no_entry"))
    assert office.tasks()[0].stop_by == ""
    assert office.whispered(office.ana) == []


def test_a_stop_sign_that_is_delivered_again_does_not_stop_what_was_asked_since(
    office: Office, card: dict[str, Any], until: Any
) -> None:
    office.ana.react("reports", card["ts"], "no_entry")
    until(lambda: office.tasks()[0].stop_by)
    office.ended(office.tasks()[0], TaskState.STOPPED)
    office.shown("Stopped: ")
    office.ana.say("reports", "Go on with 2024", thread_ts=card["thread_ts"])
    until(lambda: office.tasks()[0].state is TaskState.QUEUED)

    [delivered] = arrived(office, "no_entry")
    office.slack.workspace.delivery.event(delivered)

    until(lambda: len(arrived(office, "no_entry")) == 2)
    assert office.tasks()[0].stop_by == ""


def arrived(office: Office, reaction: str) -> list[dict[str, Any]]:
    """The events of this reaction that the bot acknowledged."""
    taken = [one for one in office.slack.log("events_api reaction_added", kind="delivery") if one.ok]
    payloads = [one.request["payload"] for one in taken]
    return [payload for payload in payloads if payload["event"]["reaction"] == reaction]
