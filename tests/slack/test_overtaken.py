"""What overtakes the goal it belongs to waits for it, and its author hears when that never comes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.task import TaskState
from bot.engine.early import PATIENCE
from bot.store import early, words
from tests.slack.mailbox import Mailbox, deliver

Office = Any
LATER = PATIENCE.total_seconds() + 1
UNHEARD = (
    "I did nothing with “Only those of 2024”: the message that it replies to did not reach me as a goal. "
)


@pytest.fixture
def box(idle: Office) -> Mailbox:
    box = Mailbox(idle.slack.workspace.bot_user)
    idle.slack.workspace.delivery.connect_to(box)
    return box


def said(office: Office, box: Mailbox, text: str, under: str | None = None) -> tuple[str, dict[str, Any]]:
    """A direct message, which has not reached us yet."""
    ts = office.ana.say(office.ana.bot_dm, text, thread_ts=under)["ts"]
    [payload] = box.taken(1)
    return ts, payload


def heard(office: Office, task_id: int = 1) -> list[str]:
    with office.database.read() as session:
        return [one.text for one in words.waiting(session, task_id)]


def kept(office: Office) -> list[str]:
    with office.database.read() as session:
        far = office.clock() + 2 * PATIENCE
        return [one.text for one in early.given_up(session, now=far, limit=10)]


def test_replies_that_overtake_their_goal_are_taken_up_with_it_in_their_order(
    idle: Office, box: Mailbox
) -> None:
    root, goal = said(idle, box, "Tidy the reports")
    _, first = said(idle, box, "Only those of 2024", root)
    _, second = said(idle, box, "And make an index", root)
    for payload in (second, first, first):
        assert deliver(idle.edge, payload) == 200
    assert (idle.tasks(), kept(idle)) == ([], ["And make an index", "Only those of 2024"])

    for payload in (goal, goal, second):
        deliver(idle.edge, payload)

    assert [(task.goal, task.place.thread) for task in idle.tasks()] == [("Tidy the reports", root)]
    assert (heard(idle), kept(idle)) == (["Only those of 2024", "And make an index"], [])
    idle.send(after=LATER)
    assert [text for text in idle.texts(idle.ana.bot_dm) if text.startswith("I did nothing")] == []


def test_the_author_of_a_reply_whose_goal_never_comes_is_told_once(idle: Office, box: Mailbox) -> None:
    root, _ = said(idle, box, "Tidy the reports")
    deliver(idle.edge, said(idle, box, "Only those of 2024", root)[1])
    idle.send()
    assert idle.texts(idle.ana.bot_dm) == []

    idle.slack.control.lose_answer("chat.postMessage")
    for minute in range(3):
        idle.send(after=LATER + 60 * minute)

    [told] = idle.messages(idle.ana.bot_dm)
    assert told["text"].startswith(UNHEARD)
    assert (told["thread_ts"], idle.tasks(), kept(idle)) == (root, [], [])


def test_a_reply_to_what_was_no_goal_is_a_goal_itself(idle: Office, box: Mailbox) -> None:
    root, word = said(idle, box, "help")
    deliver(idle.edge, word)

    deliver(idle.edge, said(idle, box, "Tidy the reports", root)[1])

    assert [(task.goal, task.place.thread) for task in idle.tasks()] == [("Tidy the reports", root)]


def test_a_reply_that_overtook_what_was_no_goal_does_not_wait_any_longer(idle: Office, box: Mailbox) -> None:
    root, word = said(idle, box, "help")
    deliver(idle.edge, said(idle, box, "Only those of 2024", root)[1])
    deliver(idle.edge, word)

    idle.send()

    assert [text[: len(UNHEARD)] for text in idle.texts(idle.ana.bot_dm)] == [UNHEARD]


def test_a_reply_to_a_message_of_long_ago_is_a_goal_at_once(idle: Office, box: Mailbox) -> None:
    root, _ = said(idle, box, "Good morning")
    idle.clock.ahead = 2 * PATIENCE

    deliver(idle.edge, said(idle, box, "Tidy the reports", root)[1])

    assert [task.goal for task in idle.tasks()] == ["Tidy the reports"]


@pytest.mark.parametrize("way", ["the word", "a stop sign"])
def test_a_stop_that_overtakes_its_goal_stops_it_as_it_begins(way: str, idle: Office, box: Mailbox) -> None:
    root, goal = said(idle, box, "Tidy the reports")
    if way == "the word":
        _, stop = said(idle, box, "stop", root)
    else:
        idle.ana.react(idle.ana.bot_dm, root, "no_entry")
        [stop] = box.taken(1)
    deliver(idle.edge, stop)
    deliver(idle.edge, stop)

    deliver(idle.edge, goal)

    [task] = idle.tasks()
    assert (task.state, task.stop_by) == (TaskState.STOPPED, "Ana Silva")


def test_a_stop_sign_on_what_is_no_goal_is_forgotten_in_silence(idle: Office, box: Mailbox) -> None:
    lunch = idle.ana.say("reports", "Lunch?")["ts"]
    idle.ana.react("reports", lunch, "no_entry")
    for payload in box.taken(2):
        deliver(idle.edge, payload)
    assert kept(idle) == ["stop"]

    idle.send(after=LATER)

    assert (kept(idle), idle.messages(), idle.whispered(idle.ana)) == ([], [], [])


def test_an_edit_that_overtakes_its_goal_is_offered_on_its_card(idle: Office, box: Mailbox) -> None:
    root, goal = said(idle, box, "Tidy the reports")
    edits = []
    for text in ("Tidy those of 2023", "Tidy those of 2024"):
        idle.ana.edit(idle.ana.bot_dm, root, text)
        edits += box.taken(1)
    for payload in edits[::-1]:
        deliver(idle.edge, payload)

    deliver(idle.edge, goal)

    [task] = idle.tasks()
    assert (task.goal, task.edited_goal) == ("Tidy the reports", "Tidy those of 2024")


def test_a_reply_under_a_card_whose_posting_we_have_not_heard_of_steers_its_task(
    idle: Office, box: Mailbox
) -> None:
    idle.ana.command("reports", "/cowork Tidy the reports")
    [command] = box.taken(1)
    deliver(idle.edge, command)
    idle.slack.control.lose_answer("chat.postMessage")
    idle.send()
    [card] = idle.messages()
    assert idle.tasks()[0].place.thread is None

    idle.ana.say("reports", "Only those of 2024", thread_ts=card["ts"])
    deliver(idle.edge, box.taken(1)[0])

    assert heard(idle) == ["Only those of 2024"]


def sign(office: Office, box: Mailbox, channel: str, ts: str) -> dict[str, Any]:
    office.ana.react(channel, ts, "no_entry")
    return box.taken(1)[0]


def of_channel(
    office: Office, box: Mailbox, text: str, under: str | None = None
) -> tuple[str, dict[str, Any]]:
    """Said in the channel. A mention comes as one event and as another, of which the mention counts."""
    ts = office.ana.say("reports", text, thread_ts=under)["ts"]
    return ts, box.taken(2 if "@cowork" in text else 1)[0]


def test_a_stop_sign_behind_a_reply_stops_that_too(idle: Office, box: Mailbox) -> None:
    root, goal = said(idle, box, "Tidy the reports")
    _, reply = said(idle, box, "Only those of 2024", root)
    for payload in (sign(idle, box, idle.ana.bot_dm, root), reply, goal):
        deliver(idle.edge, payload)

    [task] = idle.tasks()
    assert (task.state, task.round) == (TaskState.STOPPED, 1)


def test_a_stop_sign_and_an_edit_overtake_a_goal_inside_a_thread(idle: Office, box: Mailbox) -> None:
    root, _ = of_channel(idle, box, "Lunch?")
    goal, payload = of_channel(idle, box, "@cowork Tidy the reports", root)
    idle.ana.edit("reports", goal, "@cowork Tidy those of 2024")
    for early_one in (box.taken(1)[0], sign(idle, box, "reports", goal), payload):
        deliver(idle.edge, early_one)

    [task] = idle.tasks()
    assert (task.state, task.edited_goal) == (TaskState.STOPPED, "Tidy those of 2024")


def test_a_stop_sign_on_a_goal_inside_a_thread_stops_it(idle: Office, box: Mailbox) -> None:
    root, _ = of_channel(idle, box, "Lunch?")
    goal, payload = of_channel(idle, box, "@cowork Tidy the reports", root)
    deliver(idle.edge, payload)
    deliver(idle.edge, sign(idle, box, "reports", goal))

    assert [task.state for task in idle.tasks()] == [TaskState.STOPPED]


def test_replies_without_our_name_overtake_a_goal_in_a_channel(idle: Office, box: Mailbox) -> None:
    root, goal = of_channel(idle, box, "@cowork Tidy the reports")
    _, reply = of_channel(idle, box, "Only those of 2024", root)
    for payload in (reply, goal):
        deliver(idle.edge, payload)

    assert (heard(idle), kept(idle)) == (["Only those of 2024"], [])


def test_what_is_said_under_what_was_no_goal_is_forgotten_in_silence_and_is_no_goals(
    idle: Office, box: Mailbox
) -> None:
    root, lunch = of_channel(idle, box, "Lunch?")
    _, aside = of_channel(idle, box, "At noon", root)
    _, goal = of_channel(idle, box, "@cowork Tidy the reports", root)
    for payload in (lunch, aside, goal):
        deliver(idle.edge, payload)
    assert (heard(idle), kept(idle)) == ([], ["At noon"])

    idle.send(after=LATER)

    assert (kept(idle), [one for one in idle.texts() if one.startswith("I did")]) == ([], [])


def test_a_stop_under_a_goal_that_has_not_come_stops_no_other_task(idle: Office, box: Mailbox) -> None:
    _, other = of_channel(idle, box, "@cowork Sort the attic")
    deliver(idle.edge, other)
    root, goal = of_channel(idle, box, "@cowork Tidy the reports")
    _, stop = of_channel(idle, box, "@cowork stop", root)
    for payload in (stop, goal):
        deliver(idle.edge, payload)

    assert [(task.goal, task.state) for task in idle.tasks()] == [
        ("Sort the attic", TaskState.QUEUED),
        ("Tidy the reports", TaskState.STOPPED),
    ]


def test_a_stop_in_a_thread_of_long_ago_stops_no_other_task(idle: Office, box: Mailbox) -> None:
    _, other = of_channel(idle, box, "@cowork Sort the attic")
    deliver(idle.edge, other)
    root, _ = of_channel(idle, box, "Lunch?")
    _, stop = of_channel(idle, box, "@cowork stop", root)
    idle.clock.ahead = 2 * PATIENCE
    deliver(idle.edge, stop)

    assert [task.state for task in idle.tasks()] == [TaskState.QUEUED]


def test_of_many_whose_goals_never_came_one_is_told_at_a_time(idle: Office, box: Mailbox) -> None:
    for text in ("Tidy the reports", "Sort the attic"):
        root, _ = said(idle, box, text)
        deliver(idle.edge, said(idle, box, "Only those of 2024", root)[1])

    idle.send(after=LATER)
    assert len(idle.texts(idle.ana.bot_dm)) == 1
    idle.send(after=LATER + 10)

    assert (len(idle.texts(idle.ana.bot_dm)), kept(idle)) == (2, [])


def test_while_slack_asks_for_a_pause_nobody_else_is_told(idle: Office, box: Mailbox) -> None:
    for text in ("Tidy the reports", "Sort the attic"):
        root, _ = said(idle, box, text)
        deliver(idle.edge, said(idle, box, "Only those of 2024", root)[1])
    idle.slack.control.fail_next("chat.postMessage", retry_after=600)

    for seconds in (0, 10, 20):
        idle.send(after=LATER + seconds)

    assert idle.calls_of("chat.postMessage") == 1


def test_of_whom_it_was_said_that_nothing_was_done_nothing_is_done(idle: Office, box: Mailbox) -> None:
    root, goal = said(idle, box, "Tidy the reports")
    deliver(idle.edge, said(idle, box, "Only those of 2024", root)[1])
    idle.slack.control.lose_answer("chat.postMessage")
    idle.send(after=LATER)
    deliver(idle.edge, goal)
    idle.send(after=LATER + 120)

    told = [text for text in idle.texts(idle.ana.bot_dm) if text.startswith("I did nothing")]
    assert (len(told), heard(idle), kept(idle)) == (1, [], [])


def test_an_old_message_that_is_emptied_refuses_nobody_anything(idle: Office, box: Mailbox) -> None:
    for ahead in (0 * PATIENCE, 2 * PATIENCE):
        root, _ = said(idle, box, "help")
        idle.clock.ahead = ahead
        idle.ana.edit(idle.ana.bot_dm, root, " ")
        for payload in box.taken(1):
            deliver(idle.edge, payload)

    assert (idle.whispered(idle.ana), kept(idle)) == ([], [])
