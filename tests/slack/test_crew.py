"""Three people in a thread: its owner adds a helper, an onlooker's words are offered, and the task changes hands."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.task import Task, TaskState
from bot.slack.vocabulary import CrewWord, crew_word
from bot.store import words as said_words
from tests.slack.conftest import Office, words_of

GREEN = "Use the green template"


@pytest.fixture
def task(office: Office) -> Task:
    """Ana's, in #reports, at work."""
    office.ana.command("reports", "/cowork Tidy the reports. Do not delete anything.")
    office.shown("Queued: ")
    return office.working()


def thread_of(office: Office) -> str:
    return str(office.messages()[0]["ts"])


def heard(office: Office, task: Task) -> list[tuple[str, str]]:
    """What waits for the model."""
    with office.database.read() as session:
        return [(one.author, one.text) for one in said_words.waiting(session, task.id)]


def whisper(office: Office, person: Any, start: str) -> dict[str, Any]:
    """The private message itself, with its buttons."""
    return office.eventually(
        lambda: next(
            (
                one
                for one in list(office.slack.workspace.ephemerals.values())
                if one["to"] == person.id and one["text"].startswith(start)
            ),
            None,
        )
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("add <@U012|ben>", CrewWord(deed="add", user="U012")),
        ("Remove <@U012>", CrewWord(deed="remove", user="U012")),
        ("hand over <@U012>.", CrewWord(deed="handover", user="U012")),
        ("hand over task 12 to <@U012>", CrewWord(deed="handover", user="U012", number=12)),
        ("add <@U012> to the CC of the mail", None),
        ("add a summary for <@U012>", None),
        ("add ben", None),
    ],
)
def test_only_the_whole_phrase_says_who_steers(text: str, meant: CrewWord | None) -> None:
    assert crew_word(text) == meant


def test_whom_the_owner_adds_steers_and_the_card_says_so(office: Office, task: Task) -> None:
    office.ana.command("reports", "/cowork add @ben")
    office.told(office.ana, f"<@{office.ben.id}> steers task 1 with you now")
    office.eventually(lambda: f"steered with <@{office.ben.id}>" in words_of(office.messages()[0]))

    office.ben.say("reports", GREEN, thread_ts=thread_of(office))
    office.eventually(lambda: heard(office, task) == [("Ben Okafor", GREEN)])
    office.ana.say("reports", "remove @ben", thread_ts=thread_of(office))
    office.told(office.ana, f"<@{office.ben.id}> does not steer task 1 any more")
    office.ben.say("reports", "Red, rather", thread_ts=thread_of(office))
    whisper(office, office.ana, f"<@{office.ben.id}> wrote in the thread")
    assert heard(office, task) == [("Ben Okafor", GREEN)]


def test_an_onlookers_words_are_offered_to_the_owner_alone_and_taken_up_once(
    office: Office, task: Task
) -> None:
    office.ben.say("reports", GREEN, thread_ts=thread_of(office))
    offered = whisper(office, office.ana, f"<@{office.ben.id}> wrote in the thread")
    assert heard(office, task) == []
    assert f"> {GREEN}" in words_of(offered)
    assert office.whispered(office.ben) == []

    office.ana.press(offered, "remark_take")
    office.told(office.ana, "I took it up.")
    assert heard(office, task) == [("Ana Silva", f"I pass this on:\n> Ben Okafor wrote:\n> {GREEN}")]
    office.ana.press(offered, "remark_leave")
    office.told(office.ana, "You have answered this already.")
    assert len(heard(office, task)) == 1


def test_what_is_left_never_reaches_the_model(office: Office, task: Task) -> None:
    office.mia.say("reports", GREEN, thread_ts=thread_of(office))
    office.ana.press(whisper(office, office.ana, f"<@{office.mia.id}> wrote"), "remark_leave")
    office.told(office.ana, "I leave it.")
    assert heard(office, task) == []


def test_a_helper_who_goes_against_the_brief_is_told_and_the_owner_is_asked(
    office: Office, task: Task
) -> None:
    office.ana.command("reports", "/cowork add @ben")
    office.told(office.ana, f"<@{office.ben.id}> steers")
    office.ben.say("reports", "You may delete files.", thread_ts=thread_of(office))

    office.told(office.ben, f"That goes against what <@{office.ana.id}> ruled out, so I asked them")
    asked = whisper(office, office.ana, f"<@{office.ben.id}> asks for something against what you said")
    assert "no longer: Do not delete anything" in words_of(asked)
    assert office.tasks()[0].brief.boundaries != ()
    office.ana.press(asked, "remark_take")
    office.eventually(lambda: office.tasks()[0].brief.boundaries == ())


def test_the_word_stop_of_an_admin_stops_and_of_an_onlooker_does_not(office: Office, task: Task) -> None:
    office.ben.say("reports", "stop", thread_ts=thread_of(office))
    office.told(office.ben, "Only")
    assert office.tasks()[0].stop_by == ""
    office.mia.say("reports", "stop", thread_ts=thread_of(office))
    office.eventually(lambda: office.tasks()[0].stop_by == "Mia Chen")


def test_a_task_is_handed_over_once_it_is_accepted(office: Office, task: Task) -> None:
    office.ana.say("reports", "hand over @ben", thread_ts=thread_of(office))
    offer = office.shown("Will you take this task over?")
    assert words_of(offer).startswith(
        f"<@{office.ben.id}> <@{office.ana.id}> asks you to take this task over"
    )
    office.mia.press(offer, "crew_accept")
    office.told(office.mia, "Ben Okafor was asked to take this over")
    assert office.tasks()[0].person.user == office.ana.id

    office.ben.press(offer, "crew_accept")
    after = office.shown("Handed over")
    assert (after["ts"], words_of(after)) == (
        offer["ts"],
        f"<@{office.ben.id}> took this task over from <@{office.ana.id}>.",
    )
    assert office.tasks()[0].person.user == office.ben.id
    office.eventually(
        lambda: f"<@{office.ben.id}>'s task · before by <@{office.ana.id}>" in words_of(office.messages()[0])
    )
    office.ben.command("reports", "/cowork stop")
    office.eventually(lambda: office.tasks()[0].stop_by == "Ben Okafor")


def test_a_declined_offer_says_so_and_changes_nothing(office: Office, task: Task) -> None:
    office.ana.command("reports", "/cowork hand over 1 to @ben")
    office.ben.press(office.shown("Will you take this task over?"), "crew_decline")
    office.shown("Not handed over")
    assert office.tasks()[0].person.user == office.ana.id


def test_a_guest_neither_steers_nor_owns(office: Office, task: Task) -> None:
    for deed in ("add", "hand over"):
        office.ana.command("reports", f"/cowork {deed} @gil")
        office.told(office.ana, "Gil Moreau is a guest here")
    assert office.tasks()[0].crew.helpers == ()


def test_someone_elses_task_is_not_theirs_to_give(office: Office, task: Task) -> None:
    office.ben.command("reports", "/cowork hand over 1 to @mia")
    office.told(office.ben, "This task is")
    assert office.tasks()[0].crew.offered_to is None


def test_what_is_said_after_the_end_is_offered_only_where_we_were_meant(office: Office, task: Task) -> None:
    office.ended(task, TaskState.DONE, answer="Tidied.")
    office.ben.say("reports", "Nice work", thread_ts=thread_of(office))
    office.ben.say("reports", "@cowork now the invoices", thread_ts=thread_of(office))
    offered = whisper(office, office.ana, f"<@{office.ben.id}> wrote")
    assert "now the invoices" in words_of(offered)
    assert len(office.whispered(office.ana)) == 1
