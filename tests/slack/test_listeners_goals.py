"""Goals come in by command, mention and direct message; each delivery twice is still one task."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.task import TaskState
from bot.slack import parse, vocabulary
from bot.slack.views import texts

Office = Any


def goals(office: Office) -> list[tuple[str, str | None]]:
    return [(task.goal, task.place.thread) for task in office.tasks()]


def test_a_command_becomes_a_task_whose_card_is_the_root_of_its_thread(office: Office, until: Any) -> None:
    office.ana.command("reports", "/cowork Tidy the *reports* for <Q4> & more")

    card = office.shown("Queued: ")
    until(lambda: goals(office) == [("Tidy the *reports* for <Q4> & more", card["ts"])])
    assert card["metadata"] == {"event_type": "cowork_outbox", "event_payload": {"key": "card:1"}}
    assert office.whispered(office.ana) == []


def test_a_direct_message_delivered_twice_is_one_task_in_its_own_thread(office: Office, until: Any) -> None:
    office.slack.control.duplicate_next_event()

    said = office.ana.say(office.ana.bot_dm, "Tidy the reports")

    card = office.shown("Queued: Tidy the reports", office.ana.bot_dm)
    until(lambda: len(office.slack.log("events_api message", kind="delivery")) >= 2)
    assert goals(office) == [("Tidy the reports", said["ts"])]
    assert card["thread_ts"] == said["ts"]


def test_an_event_that_comes_again_after_a_lost_acknowledgement_is_one_task(
    idle: Office, timings: Any, until: Any
) -> None:
    timings.ack = 2.0
    idle.start()
    idle.slack.control.drop_ack()

    idle.ana.say(idle.ana.bot_dm, "Tidy the reports")

    until(lambda: [one for one in idle.slack.log("events_api message", kind="delivery") if one.ok])
    assert len(goals(idle)) == 1


def test_a_mention_that_comes_as_two_events_is_one_task_with_its_card_in_the_thread(
    office: Office, until: Any
) -> None:
    said = office.ana.say("reports", "@cowork tidy the reports")

    card = office.shown("Queued: tidy the reports")
    until(lambda: office.slack.log("events_api message", kind="delivery"))
    assert goals(office) == [("tidy the reports", said["ts"])]
    assert card["thread_ts"] == said["ts"]


def test_a_mention_in_a_thread_brings_what_others_said_as_context_and_not_as_goal(office: Office) -> None:
    root = office.ben.say("reports", "The Q4 numbers are wrong")
    office.ana.say("reports", "Row 7, I think", thread_ts=root["ts"])

    office.ana.say("reports", "@cowork mend it", thread_ts=root["ts"])

    office.shown("Queued: mend it")
    [task] = office.tasks()
    assert (task.goal, task.place.thread) == ("mend it", root["ts"])
    assert task.context == "Ben Okafor: The Q4 numbers are wrong\n\nAna Silva: Row 7, I think"
    assert task.person.name == "Ana Silva"


def test_talk_in_a_channel_that_is_not_for_us_starts_nothing(office: Office, until: Any) -> None:
    root = office.ben.say("reports", "Lunch?")
    office.ana.say("reports", "Yes", thread_ts=root["ts"])

    until(
        lambda: len([one for one in office.slack.log("events_api message", kind="delivery") if one.ok]) == 2
    )
    assert (office.tasks(), office.messages()) == ([], [])


def test_a_goal_of_40_000_characters_is_refused_privately_with_the_limit(office: Office) -> None:
    office.ana.command("reports", "/cowork " + "x" * 40_000)

    said = office.told(office.ana, "Your goal has 40,000 characters")
    assert "10,000" in said
    assert office.tasks() == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("help", vocabulary.Word(name="help")),
        ("LIST", vocabulary.Word(name="list")),
        ("stop 12", vocabulary.Word(name="stop", number=12)),
        ("status #3", vocabulary.Word(name="status", number=3)),
        ("schedule", vocabulary.Word(name="schedule")),
        ("schedule a meeting with Ben", None),
        ("help me write the report", None),
        ("list the invoices in a table", None),
        ("stop task 12", vocabulary.Word(name="stop", number=12)),
        ("Stop!", vocabulary.Word(name="stop")),
        ("stop the presses", vocabulary.Word(name="stop", rest="the presses")),
        ("stop,\nplease", vocabulary.Word(name="stop", rest="please")),
        ("stop 1234567890", vocabulary.Word(name="stop", rest="1234567890")),
        ("stop-motion film", None),
        ("stopwatch for the demo", None),
        ("status of the project", None),
        ("audit the ledger", None),
    ],
)
def test_a_word_is_a_word_only_alone(text: str, meant: vocabulary.Word | None) -> None:
    assert vocabulary.word(text) == meant


def test_what_comes_later_is_said_honestly(office: Office) -> None:
    office.ana.command("reports", "/cowork schedule")
    office.told(office.ana, "`/cowork schedule` is not available yet")
    assert office.tasks() == []


def test_list_status_and_stop_answer_privately(office: Office, words: Any) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    office.shown("Queued: ")

    office.ana.command("reports", "/cowork list")
    office.ana.command("reports", "/cowork status")
    office.ana.command("reports", "/cowork status 1")
    office.ben.command("reports", "/cowork status 1")
    office.ben.command("reports", "/cowork stop 1")
    office.ana.command("reports", "/cowork stop")

    assert office.whispered(office.ana) == [
        "You have 1 task.",
        "1 task not finished.",
        "Queued: Tidy the reports",
        "I stopped task 1, “Tidy the reports”. What was done is in its thread.",
    ]
    assert office.whispered(office.ben) == [
        "You have no task 1. `/cowork list` shows yours.",
        "Only ana can decide this.",
    ]
    assert office.tasks()[0].stop_by in ("ana", "Ana Silva")


def test_a_stop_that_names_no_task_says_how_and_neither_stops_nor_starts(office: Office) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    office.shown("Queued: ")

    office.ana.command("reports", "/cowork stop the reports")
    office.ana.say("reports", "@cowork stop it")
    office.ana.say(office.ana.bot_dm, "stop everything")

    office.eventually(lambda: len(office.whispered(office.ana)) == 3)
    assert set(office.whispered(office.ana)) == {texts.HOW_TO_STOP}
    assert [(task.goal, task.stop_by) for task in office.tasks()] == [("Tidy the reports", "")]


def test_a_stop_of_what_has_ended_says_so(office: Office) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    office.ended(office.working(), TaskState.DONE, answer="Tidied.")

    office.ana.command("reports", "/cowork stop 1")

    assert office.whispered(office.ana) == [
        "This task has already ended. Reply with what you want next, and it goes on."
    ]


def test_slack_text_is_read_as_it_was_typed() -> None:
    typed = "ask <@U1|ben> in <#C1|general> &amp; see <https://x.example|the page> <!subteam^S1|@leads> <@U2>"
    assert parse.plain(typed) == "ask @ben in #general & see https://x.example @leads <@U2>"


def test_a_file_in_a_message_is_not_silently_left_out(office: Office) -> None:
    notes = office.ana.upload("notes.pdf", b"%PDF")
    office.ana.say(office.ana.bot_dm, "Digest this", file_ids=[notes["id"]])

    office.told(office.ana, "I cannot read files from Slack yet (notes.pdf).")
    office.shown("Queued: Digest this", office.ana.bot_dm)
