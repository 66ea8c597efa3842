"""A thread whose first message was deleted: the task goes on in a new one, whole, and the old one is cleared."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.approval import ApprovalState
from bot.domain.task import TaskState
from tests.slack.dying import Died, dying_at

Office = Any

MOVED = "The message this began with was deleted, so I go on here."


@pytest.fixture
def root(office: Office) -> dict[str, Any]:
    """Ana's goal; the card is the first reply."""
    said: dict[str, Any] = office.ana.say("reports", "@cowork tidy the reports")
    office.shown("Queued: ")
    return said


def moved(office: Office, old: str) -> str:
    """The root of the new thread, where it is said why."""
    note = office.eventually(
        lambda: next((one for one in office.messages() if one["text"].startswith("The message this")), None)
    )
    assert (note["text"], note["thread_ts"] != old) == (MOVED, True)
    office.eventually(lambda: office.outbox() == {})
    assert office.tasks()[0].place.thread == note["thread_ts"]
    thread: str = note["thread_ts"]
    return thread


def standing(office: Office) -> list[tuple[str, bool]]:
    """Every message of ours, with whether it is in the thread of the task, or its root."""
    thread = office.tasks()[0].place.thread
    return [(one["text"], thread in (one.get("thread_ts"), one["ts"])) for one in office.messages()]


def test_while_it_waits_the_checkpoint_moves_with_its_buttons_and_replies_there_steer(
    office: Office, root: dict[str, Any], until: Any
) -> None:
    approval = office.asked()
    office.shown("Your decision is needed")
    office.ana.delete("reports", root["ts"])

    thread = moved(office, root["ts"])
    assert standing(office) == [
        ("Waiting: tidy the reports", True),
        ("Your decision is needed: Move the reports (tidy the reports)", True),
        (MOVED, True),
    ]
    office.ana.press(office.shown("Your decision is needed"), "approval_approve")
    office.shown("Approved: Move the reports")
    assert office.record.approval(approval).state is ApprovalState.APPROVED

    office.working()
    said = office.ana.say("reports", "Only those of 2024", thread_ts=thread)
    until(lambda: office.slack.workspace.store.message(office.reports, said["ts"]).get("reactions"))


def test_while_it_works_the_card_moves_and_the_result_comes_there(
    office: Office, root: dict[str, Any]
) -> None:
    task = office.working()
    office.shown("Working: ")
    office.ana.delete("reports", root["ts"])
    thread = moved(office, root["ts"])

    office.ended(task, TaskState.DONE, answer="Tidied.")

    assert office.shown("Tidied.")["thread_ts"] == thread
    office.shown("Done: ")
    assert all(is_here for _, is_here in standing(office))


def test_a_card_that_was_the_root_itself_is_posted_anew(office: Office) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    old = office.shown("Queued: ")["ts"]
    office.asked()
    office.shown("Your decision is needed")

    office.slack.control.delete_message("reports", old)

    moved(office, old)
    assert [text[:12] for text, _ in standing(office)] == ["Waiting: Tid", "Your decisio", "The message "]
    assert all(is_here for _, is_here in standing(office))


def sign(office: Office, thread: str) -> str:
    """What Slack shows of the work in this thread."""
    session = office.slack.workspace.store.get("session", f"{office.reports}/{thread}")
    return session["status"] if session else ""


def test_the_old_thread_shows_no_work_any_more_and_the_new_one_does(
    office: Office, root: dict[str, Any], until: Any
) -> None:
    office.asked()
    office.shown("Your decision is needed")
    until(lambda: sign(office, root["ts"]) == "suspended")

    office.ana.delete("reports", root["ts"])

    thread = moved(office, root["ts"])
    until(lambda: sign(office, root["ts"]) == "active")
    until(lambda: sign(office, thread) == "suspended")


def test_the_old_thread_of_a_card_that_was_the_root_shows_no_work_any_more(
    office: Office, until: Any
) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    old = office.shown("Queued: ")["ts"]
    until(lambda: sign(office, old) == "processing")

    office.slack.control.delete_message("reports", old)
    office.working()

    until(lambda: sign(office, old) == "active")


def test_a_thread_where_another_task_goes_on_still_shows_its_work(idle: Office) -> None:
    said = idle.ana.say("reports", "@cowork tidy the reports")
    first = idle.task(idle.ana, "Tidy the reports", thread=said["ts"])
    idle.task(idle.ben, "Count the reports", thread=said["ts"])
    idle.send()
    assert sign(idle, said["ts"]) == "processing"

    place = idle.record.snapshot(first.id).task.place
    idle.edge.mover.uproot(first.id, place, now=idle.clock())

    assert sign(idle, said["ts"]) == "processing"


def test_what_is_done_and_told_stays_deleted(office: Office, root: dict[str, Any], until: Any) -> None:
    office.ended(office.working(), TaskState.DONE, answer="Tidied.")
    office.shown("Tidied.")
    office.shown("Done: ")
    until(lambda: office.outbox() == {})
    before = office.texts()

    office.ana.delete("reports", root["ts"])

    until(lambda: any("tombstone" in str(one.request) and one.ok for one in deliveries(office)))
    assert (office.texts(), office.outbox()) == (before, {})
    assert office.tasks()[0].place.thread == root["ts"]


def test_what_is_done_and_not_told_yet_is_told_in_a_new_thread(idle: Office) -> None:
    said = idle.ana.say("reports", "@cowork tidy the reports")
    idle.task(idle.ana, "Tidy the reports", thread=said["ts"])
    idle.send()
    idle.ended(idle.working(), TaskState.DONE, answer="Tidied.")
    idle.ana.delete("reports", said["ts"])

    for after in (0, 2, 4):
        idle.send(after=after)

    assert sorted(idle.texts()) == [
        "Done: Tidy the reports",
        "The message this began with was deleted, so I go on here.",
        "Tidied.",
    ]
    assert idle.outbox() == {}


def deliveries(office: Office) -> list[Any]:
    found: list[Any] = office.slack.log("events_api message", kind="delivery")
    return found


def test_a_death_in_the_middle_of_the_move_leaves_the_checkpoint_to_be_pressed(idle: Office) -> None:
    said = idle.ana.say("reports", "@cowork tidy the reports")
    task = idle.task(idle.ana, "Tidy the reports", thread=said["ts"])
    approval = idle.asked(task=idle.working(task.id))
    idle.send()
    idle.ana.delete("reports", said["ts"])  # nobody hears of it again
    place = idle.record.snapshot(task.id).task.place

    with dying_at("outbox.uproot"), pytest.raises(Died):
        idle.edge.mover.uproot(task.id, place, now=idle.clock())
    assert idle.texts() == []

    idle.edge = idle.new_edge()
    for after in (10, 20, 30, 40):
        idle.send(after=after)
    shown = [one for one in idle.messages() if one["text"].startswith("Your decision is needed")]
    assert [one["thread_ts"] for one in shown] == [idle.record.snapshot(task.id).task.place.thread]
    assert idle.record.approval(approval).state is ApprovalState.PENDING
    assert idle.outbox() == {}
