"""The sender keeps messages true: once each, in order, and whatever Slack does in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bot.domain.task import TaskState
from bot.store import outbox

Office = Any


def test_a_card_is_posted_once_and_then_changed(idle: Office) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.send()
    [queued] = idle.messages()
    idle.working()
    idle.send()

    [working] = idle.messages()
    assert (queued["text"], working["text"]) == ("Queued: Tidy the reports", "Working: Tidy the reports")
    assert working["ts"] == queued["ts"] == idle.tasks()[0].place.thread
    assert idle.send() is None


def test_an_answer_lost_on_the_way_is_found_again_and_nothing_is_posted_twice(idle: Office) -> None:
    idle.slack.control.lose_answer("chat.postMessage")
    idle.task(idle.ana, "Tidy the reports")

    idle.send()
    assert idle.outbox()["card:1"].is_unknown
    idle.send(after=2)

    [card] = idle.messages()
    assert idle.tasks()[0].place.thread == card["ts"]
    assert idle.outbox() == {}
    assert idle.calls_of("chat.postMessage") == 1


def test_an_approval_whose_answer_was_lost_is_found_in_its_thread(idle: Office) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.send()
    idle.asked()
    idle.slack.control.lose_answer("chat.postMessage")

    idle.send()
    idle.send(after=2)

    assert idle.texts().count("Your decision is needed: Move the reports (Tidy the reports)") == 1
    assert idle.outbox() == {}


def test_what_is_found_again_shows_what_happened_since_it_was_posted(idle: Office) -> None:
    idle.slack.control.lose_answer("chat.postMessage")
    idle.task(idle.ana, "Tidy the reports")
    idle.send()

    idle.working()
    idle.send(after=2)

    assert idle.texts() == ["Working: Tidy the reports"]
    assert idle.outbox() == {}
    assert idle.calls_of("chat.postMessage") == 1


def test_a_post_that_never_arrived_is_posted_again(idle: Office) -> None:
    idle.slack.control.fail_next("chat.postMessage", status=500)
    idle.task(idle.ana, "Tidy the reports")

    idle.send()
    assert (idle.messages(), idle.outbox()["card:1"].is_unknown) == ([], True)
    idle.send(after=2)

    assert idle.texts() == ["Queued: Tidy the reports"]


def test_what_a_dead_process_was_posting_is_looked_for_first(idle: Office) -> None:
    idle.task(idle.ana, "Tidy the reports")
    with idle.database.write("test") as session:
        [post] = outbox.due(session, now=idle.clock())
        assert outbox.claim(session, post, now=idle.clock())

    idle.send()

    assert idle.texts() == ["Queued: Tidy the reports"]
    assert idle.calls_of("conversations.history") == 1


def test_slack_is_left_alone_for_as_long_as_it_asks(idle: Office) -> None:
    idle.slack.control.fail_next("chat.postMessage", status=429, retry_after=30)
    idle.task(idle.ana, "Tidy the reports")
    idle.task(idle.ana, "Tidy the attic")

    again = idle.send()
    assert timedelta(seconds=28) < again - idle.clock() <= timedelta(seconds=30)
    idle.send(after=29)
    assert (idle.messages(), idle.calls_of("chat.postMessage")) == ([], 1)

    idle.send(after=31)
    assert idle.texts() == ["Queued: Tidy the reports", "Queued: Tidy the attic"]


def test_a_limit_told_with_status_200_is_one_too(idle: Office) -> None:
    idle.slack.control.fail_next("chat.postMessage", status=200, error="rate_limited", retry_after=5)
    idle.task(idle.ana, "Tidy the reports")

    idle.send()
    assert idle.messages() == []
    idle.send(after=6)

    assert idle.texts() == ["Queued: Tidy the reports"]


def test_a_deleted_root_is_posted_anew_with_the_pending_decision_and_a_word_about_it(idle: Office) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.send()
    approval = idle.asked()
    idle.send()
    [root, _] = idle.messages()
    idle.slack.control.delete_message("reports", root["ts"])

    idle.touched(1)
    for _ in range(4):
        idle.send()

    new_root = idle.tasks()[0].place.thread
    assert new_root != root["ts"]
    shown = [(one["text"], one.get("thread_ts")) for one in idle.messages() if one["ts"] >= new_root]
    assert ("The message this began with was deleted, so I go on here.", new_root) in shown
    assert ("Your decision is needed: Move the reports (Tidy the reports)", new_root) in shown
    assert idle.record.approval(approval).is_pending
    assert idle.outbox() == {}


def test_when_the_persons_own_message_is_deleted_the_card_begins_a_thread(idle: Office) -> None:
    said = idle.ana.say("reports", "@cowork tidy the reports")
    idle.task(idle.ana, "Tidy the reports", thread=said["ts"])
    idle.ana.delete("reports", said["ts"])

    for _ in range(3):
        idle.send()

    [card, note] = idle.messages()
    assert (card["text"], card.get("thread_ts") in (None, card["ts"])) == ("Queued: Tidy the reports", True)
    assert (note["text"][:11], note["thread_ts"]) == ("The message", card["ts"])


def test_a_deleted_card_is_posted_again_in_its_thread(idle: Office) -> None:
    said = idle.ana.say("reports", "@cowork tidy the reports")
    idle.task(idle.ana, "Tidy the reports", thread=said["ts"])
    idle.send()
    idle.slack.control.delete_message("reports", idle.messages()[0]["ts"])
    idle.working()

    idle.send()
    idle.send()

    [card] = idle.messages()
    assert (card["text"], card["thread_ts"]) == ("Working: Tidy the reports", said["ts"])


def test_files_come_before_the_report_and_whole(idle: Office, until: Any) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.send()
    task = idle.working()
    idle.delivered(task, "index.md", "# Index ✓\n".encode() * 1000, comment="All <files>")
    idle.ended(task, TaskState.DONE, answer="Everything is in order.")

    idle.send()
    idle.send(after=2)

    [_, file, report] = idle.messages()
    assert file["text"] == "All &lt;files&gt;"
    [file_id] = file["file_ids"]
    assert idle.slack.workspace.store.content(file_id) == "# Index ✓\n".encode() * 1000
    assert report["text"].startswith("Everything is in order.")
    thread = idle.tasks()[0].place.thread
    assert (file["thread_ts"], report["thread_ts"]) == (thread, thread)


def test_a_file_whose_answer_was_lost_is_not_uploaded_twice(idle: Office, until: Any) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.send()
    idle.delivered(idle.working(), "index.md", b"# Index")
    idle.slack.control.lose_answer("files.completeUploadExternal")

    idle.send()
    until(lambda: [one for one in idle.messages() if one["file_ids"]])
    idle.send(after=2)

    assert len([one for one in idle.messages() if one["file_ids"]]) == 1
    assert idle.outbox() == {}


def test_a_file_that_is_gone_is_said_and_holds_up_nothing(idle: Office) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.send()
    task = idle.working()
    idle.delivered(task, "index.md", b"# Index")
    (idle.settings.home / "index.md").unlink()
    idle.ended(task, TaskState.DONE, answer="Done it.")

    for after in (0, 2, 4):
        idle.send(after=after)

    assert sorted(idle.texts()) == [
        "Done it.",
        "Done: Tidy the reports",
        "I could not hand over “index.md”: the file cannot be read: FileNotFoundError.",
    ]


def test_a_report_that_is_too_long_comes_as_a_file_too(idle: Office, until: Any) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.send()
    answer = "\n\n".join(f"Paragraph {n} of the report." for n in range(2000))
    idle.ended(idle.working(), TaskState.DONE, answer=answer)

    idle.send()

    [file] = [one for one in idle.messages() if one["file_ids"]]
    assert idle.slack.workspace.store.content(file["file_ids"][0]).decode() == answer
    assert [one.error for one in idle.slack.log("chat.postMessage")] == [None, None]


def test_a_report_in_parts_goes_on_after_the_part_that_was_lost(idle: Office) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.send()
    answer = "\n\n".join(f"Paragraph {n} of the report." for n in range(400))
    task = idle.working()
    idle.send()
    idle.ended(task, TaskState.DONE, answer=answer)
    idle.slack.control.lose_answer("chat.postMessage")
    idle.send()
    idle.slack.control.fail_next("chat.postMessage", status=429, retry_after=2)
    idle.send(after=2)
    for after in (5, 10, 20):
        idle.send(after=after)

    keys = [one["metadata"]["event_payload"]["key"] for one in idle.messages()]
    assert keys == ["card:1", "result:1:1", "result:1:1#2", "result:1:1#3"]
    assert idle.outbox() == {}


def test_blocks_that_slack_rejects_are_sent_plainer_with_their_buttons(idle: Office, actions: Any) -> None:
    idle.slack.control.fail_next("chat.postMessage", status=200, error="invalid_blocks", times=1)
    idle.task(idle.ana, "Tidy the reports")

    idle.send()

    [card] = idle.messages()
    assert actions(card) == ["task_stop", "task_details"]


def test_while_the_token_is_refused_messages_wait_and_then_all_come(idle: Office) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.slack.control.fail_next("chat.postMessage", status=200, error="token_revoked")

    idle.send()
    assert idle.messages() == []
    idle.send(after=61)

    assert idle.texts() == ["Queued: Tidy the reports"]


def test_a_working_card_is_drawn_again_for_its_clock_and_an_idle_one_is_not(idle: Office) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.working()
    idle.task(idle.ana, "Tidy the attic")
    idle.send()
    before = idle.calls_of("chat.update")

    idle.send(after=10)
    assert idle.calls_of("chat.update") == before
    idle.send(after=16)

    assert idle.calls_of("chat.update") == before + 1


def test_a_session_sign_that_slack_does_not_offer_is_not_asked_for_again(idle: Office) -> None:
    idle.slack.control.fail_next("agents.sessions.setStatus", status=200, error="unknown_method")
    idle.task(idle.ana, "Tidy the reports")
    idle.send()
    idle.working()

    idle.send()

    assert idle.calls_of("agents.sessions.setStatus") == 1
    assert idle.texts() == ["Working: Tidy the reports"]


def test_one_post_that_cannot_be_drawn_holds_up_no_other(idle: Office) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.task(idle.ana, "Tidy the attic")
    with idle.database.write("test") as session:
        session.execute(text("UPDATE task SET plan = 'unreadable' WHERE id = 1"))

    idle.send()

    assert idle.texts() == ["Queued: Tidy the attic"]
    assert list(idle.outbox()) == ["card:1"]


def test_a_thread_that_is_lost_twice_is_said_twice(idle: Office) -> None:
    idle.task(idle.ana, "Tidy the reports")
    for _ in range(2):
        for _ in range(3):
            idle.send()
        idle.slack.control.delete_message("reports", idle.tasks()[0].place.thread)
        idle.touched(1)
    for _ in range(4):
        idle.send()

    thread = idle.tasks()[0].place.thread
    assert [one["text"][:11] for one in idle.messages() if one.get("thread_ts") == thread != one["ts"]] == [
        "The message"
    ]
    assert idle.outbox() == {}
