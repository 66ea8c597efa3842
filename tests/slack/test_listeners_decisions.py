"""Checkpoints and cards: who may press what, what happens then, and who is told."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.task import TaskState
from bot.slack.views import redirect
from bot.store import fences

Office = Any
WORDS = "That leaves 2023 where it is"


@pytest.fixture
def asked(office: Office) -> str:
    """Ana's task waits for a decision in its thread. The approval's id."""
    office.ana.command("reports", "/cowork Tidy the reports")
    office.shown("Queued: ")
    approval: str = office.asked()
    office.shown("Your decision is needed")
    return approval


def checkpoint(office: Office) -> dict[str, Any]:
    return office.shown("Your decision is needed: Move the reports")


def test_approve_counts_once_and_the_second_is_told_who_and_when(
    office: Office, asked: str, actions: Any
) -> None:
    message = checkpoint(office)
    office.ana.press(message, "approval_approve")
    office.ana.press(message, "approval_approve")

    told = office.told(office.ana, "This was already approved")
    assert told.startswith(f"This was already approved by <@{office.ana.id}>, <!date^")
    approval = office.record.approval(asked)
    assert (approval.state, approval.decided_by.name) == (ApprovalState.APPROVED, "Ana Silva")
    after = office.shown("Approved: Move the reports")
    assert (after["ts"], actions(after)) == (message["ts"], [])
    assert office.tasks()[0].state is TaskState.QUEUED


def test_a_stranger_to_the_task_and_a_guest_are_refused_privately(office: Office, asked: str) -> None:
    message = checkpoint(office)

    office.ben.press(message, "approval_approve")

    assert office.told(office.ben, "Only") in ("Only ana can decide this.", "Only Ana Silva can decide this.")
    assert office.whispered(office.ana) == []
    assert office.record.approval(asked).is_pending


def test_a_guest_cannot_decide_even_what_they_asked_for(office: Office) -> None:
    general = office.slack.channel("general")
    office.gil.command("general", "/cowork Tidy the reports")
    office.shown("Queued: ", general)
    approval = office.asked()

    office.gil.press(office.shown("Your decision is needed", general), "approval_approve")

    office.told(office.gil, "Gil Moreau is here as a guest and cannot decide")
    assert office.record.approval(approval).is_pending


def test_nobody_decides_while_slack_does_not_say_who_they_are(office: Office) -> None:
    task = office.task(office.ana, "Tidy the reports")
    office.shown("Queued: ")
    approval = office.asked()
    office.slack.control.fail_next("users.info", status=500, times=1)

    office.ana.press(office.shown("Your decision is needed"), "approval_approve")
    office.told(office.ana, "Slack did not tell me in time who you are")
    assert office.record.approval(approval).is_pending

    office.ana.press(office.shown("Your decision is needed"), "approval_approve")
    assert office.record.approval(approval).state is ApprovalState.APPROVED
    assert office.record.snapshot(task.id).task.state is TaskState.QUEUED


def test_redirect_asks_for_words_in_a_modal_and_shows_them(office: Office, asked: str, words: Any) -> None:
    message = checkpoint(office)
    office.ana.press(message, "approval_redirect")
    form = office.modal(office.ana, "Redirect")

    given = {redirect.WORDS_BLOCK: {redirect.WORDS: {"type": "plain_text_input", "value": WORDS}}}
    assert office.ana.submit(form["id"], given) == {"result": "closed", "view": None}

    after = office.shown("Redirected: Move the reports")
    assert WORDS in words(after)
    assert (office.record.approval(asked).state, office.record.approval(asked).words) == (
        ApprovalState.REDIRECTED,
        WORDS,
    )


def test_a_redirection_by_another_is_refused_in_the_modal(office: Office, asked: str) -> None:
    office.ben.press(checkpoint(office), "approval_redirect")
    form = office.modal(office.ben, "Redirect")

    given = {redirect.WORDS_BLOCK: {redirect.WORDS: {"type": "plain_text_input", "value": WORDS}}}
    answer = office.ben.submit(form["id"], given)

    assert "can decide this" in answer["errors"][redirect.WORDS_BLOCK]
    assert office.record.approval(asked).is_pending


def test_a_redirection_that_comes_too_late_says_who_decided(office: Office, asked: str, words: Any) -> None:
    message = checkpoint(office)
    office.ana.press(message, "approval_redirect")
    form = office.modal(office.ana, "Redirect")
    office.ana.press(message, "approval_approve")

    given = {redirect.WORDS_BLOCK: {redirect.WORDS: {"type": "plain_text_input", "value": WORDS}}}
    assert office.ana.submit(form["id"], given)["result"] == "updated"

    assert words(office.ana.modal()).startswith("This was already approved by Ana Silva, ")
    assert office.record.approval(asked).state is ApprovalState.APPROVED


def test_a_reply_in_the_thread_redirects_and_is_nodded_at(office: Office, asked: str, until: Any) -> None:
    thread = checkpoint(office)["thread_ts"]
    said = office.ana.say("reports", WORDS, thread_ts=thread)

    office.shown("Redirected: Move the reports")
    assert office.record.approval(asked).words == WORDS
    until(lambda: office.slack.workspace.store.message(office.reports, said["ts"]).get("reactions"))


def test_a_yes_in_the_thread_approves_nothing_and_is_told_so(office: Office, asked: str) -> None:
    thread = checkpoint(office)["thread_ts"]
    office.ana.say("reports", "ok", thread_ts=thread)

    assert office.shown("Only the Approve button approves")["thread_ts"] == thread
    assert office.record.approval(asked).is_pending


def test_another_persons_reply_is_left_alone_unless_it_mentions_us(office: Office, asked: str) -> None:
    thread = checkpoint(office)["thread_ts"]
    office.ben.say("reports", "Do not move them!", thread_ts=thread)
    office.ben.say("reports", "@cowork do not move them!", thread_ts=thread)

    office.told(
        office.ben, f"This task is <@{office.ana.id}>'s. Only they, and those they add, steer it. I showed"
    )
    assert len(office.whispered(office.ben)) == 1
    assert office.record.approval(asked).is_pending


def test_stop_on_the_checkpoint_stops_the_task(office: Office, asked: str) -> None:
    office.ana.press(checkpoint(office), "approval_stop")

    office.shown("Stopped: Move the reports")
    [task] = office.tasks()
    assert (task.state, task.stop_by) == (TaskState.STOPPED, "Ana Silva")


def test_an_option_is_an_answer(office: Office) -> None:
    office.task(office.ana, "Tidy the reports")
    office.shown("Queued: ")
    approval = office.asked(kind=ApprovalKind.QUESTION, options=("By year", "By team"))

    office.ana.press(office.shown("Your decision is needed"), "approval_option:1")

    office.shown("Answered: Move the reports")
    assert office.record.approval(approval).words == "By team"


def test_all_actions_are_shown_page_by_page(office: Office, words: Any, until: Any) -> None:
    office.task(office.ana, "Tidy the reports")
    office.shown("Queued: ")
    office.asked(57)
    office.ana.press(office.shown("Your decision is needed"), "approval_all")
    first = office.modal(office.ana, "All actions")
    assert "Move 1.pdf" in words(first)
    assert "Move 57.pdf" not in words(first)

    pager = next(block for block in first["blocks"] if block["type"] == "actions")
    next_page = pager["elements"][-1]["action_id"]
    office.ana.click({"type": "view", "view_id": first["id"]}, pager["block_id"], next_page)

    until(lambda: "Move 57.pdf" in words(office.ana.modal()))


def test_stop_on_the_card_asks_the_task_to_end_and_others_may_not(office: Office) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    card = office.shown("Queued: ")

    office.ben.press(card, "task_stop")
    office.told(office.ben, "Only")
    assert office.tasks()[0].stop_by == ""

    office.ana.press(card, "task_stop")
    assert office.tasks()[0].stop_by in ("ana", "Ana Silva")


def test_slacks_own_stop_button_stops_the_task_and_the_sign_follows_its_state(
    office: Office, until: Any
) -> None:
    said = office.ana.say("reports", "@cowork tidy the reports")
    office.shown("Queued: ")
    task = office.working()

    def sign() -> str:
        session = office.slack.workspace.store.get("session", f"{office.reports}/{said['ts']}")
        return session["status"] if session else ""

    until(lambda: sign() == "processing")
    office.ana.stop_session("reports", said["ts"])

    until(lambda: office.tasks()[0].stop_by == "Ana Silva")
    office.ended(task, TaskState.STOPPED)
    until(lambda: sign() == "active")


def test_retry_queues_a_failed_task_again(office: Office, until: Any) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    office.shown("Queued: ")
    office.ended(office.working(), TaskState.FAILED, note="The disk is full.")

    card = office.shown("Failed: ")
    office.ana.press(card, "task_retry")

    assert office.tasks()[0].state is TaskState.QUEUED
    assert office.shown("Queued: ")["ts"] == card["ts"]


def test_retry_of_an_admin_allows_more_of_a_shared_budget_and_that_of_an_onlooker_does_not(
    office: Office,
) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    office.shown("Queued: ")
    task = office.working()
    with office.database.write("test") as session:
        fences.fence(session, task, waits_for="workspace:T1:2026-03-02")
    office.ended(task, TaskState.PAUSED, note="The budget is used up.")
    card = office.shown("Paused: ")

    office.ben.press(card, "task_retry")
    office.told(office.ben, "The budget that is used up is shared. A workspace admin can press Retry")
    assert office.tasks()[0].state is TaskState.PAUSED
    office.mia.press(card, "task_retry")

    assert office.tasks()[0].state is TaskState.QUEUED


def test_retry_on_a_card_of_before_says_where_the_task_stands(office: Office) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    office.shown("Queued: ")
    office.ended(office.working(), TaskState.FAILED, note="The disk is full.")
    card = office.shown("This did not work out: ")
    office.ana.press(card, "task_retry")
    assert office.whispered(office.ana) == []
    task = office.working()
    office.ana.press(card, "task_retry")
    nothing = "There is nothing to retry in this task. "
    assert office.told(office.ana, nothing) == f"{nothing}It is being worked on."
    office.ended(task, TaskState.DONE, answer="Tidied.")
    office.ana.press(card, "task_retry")
    office.ben.press(card, "task_retry")

    office.told(office.ben, "Only")
    office.told(office.ana, f"{nothing}It is done. Reply in its thread with what you want next.")
    assert office.tasks()[0].state is TaskState.DONE


def test_details_show_the_goal_and_the_log_in_a_modal(office: Office, words: Any) -> None:
    office.ana.command("reports", "/cowork Tidy the reports")
    office.ben.press(office.shown("Queued: "), "task_details")

    view = office.modal(office.ben, "Task 1")
    assert "Tidy the reports" in words(view)
