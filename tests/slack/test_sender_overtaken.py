"""Two processes send: one slept in the middle of a call while the other took its message over."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from bot import crossing
from bot.domain.task import TaskState
from bot.slack.edge import SlackEdge

Office = Any


class Sleeper:
    """Whoever comes by this point first sleeps there until it is woken."""

    def __init__(self, point: str) -> None:
        self.point = point
        self.has_come = threading.Event()
        self.wakes = threading.Event()

    def reached(self, point: str) -> None:
        if point == self.point and not self.has_come.is_set():
            self.has_come.set()
            assert self.wakes.wait(60)

    def around(self, name: str) -> contextlib.AbstractContextManager[object]:
        return contextlib.nullcontext()


@contextlib.contextmanager
def asleep(edge: SlackEdge, point: str, now: datetime) -> Iterator[None]:
    """This process sends, and sleeps at the point until the block is over."""
    sleeper = Sleeper(point)
    crossing.watch(sleeper)
    sending = threading.Thread(target=edge.sender.send_due, args=(now,))
    try:
        sending.start()
        assert sleeper.has_come.wait(60)
        yield
    finally:
        sleeper.wakes.set()
        sending.join(30)
        crossing.unwatch(sleeper)
    assert not sending.is_alive()


@pytest.fixture
def other(idle: Office) -> Iterator[SlackEdge]:
    """The other process."""
    edge = idle.new_edge()
    yield edge
    edge.stop()


@pytest.mark.parametrize("point", ["slack.chat.postMessage", "slack.chat.postMessage.done"])
def test_a_message_stands_once_wherever_its_first_sender_slept(
    point: str, idle: Office, other: SlackEdge
) -> None:
    idle.task(idle.ana, "Tidy the reports")
    with asleep(other, point, idle.clock()):
        idle.send()
    other.sender.send_due(idle.clock())

    [card] = idle.messages()
    assert (card["ts"], card["text"]) == (idle.tasks()[0].place.thread, "Queued: Tidy the reports")
    assert idle.outbox() == {}


def test_a_report_in_parts_stands_once_whoever_wakes_up(idle: Office, other: SlackEdge) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.send()
    answer = "\n\n".join(f"Paragraph {n} of the report." for n in range(400))
    idle.ended(idle.working(), TaskState.DONE, answer=answer)
    with asleep(other, "slack.chat.postMessage", idle.clock()):
        idle.send()
    other.sender.send_due(idle.clock())

    keys = [one["metadata"]["event_payload"]["key"] for one in idle.messages()]
    assert sorted(keys) == ["card:1", "result:1:1", "result:1:1#2", "result:1:1#3"]
    assert idle.outbox() == {}


def test_a_file_stands_once_whoever_wakes_up(idle: Office, other: SlackEdge, until: Any) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.send()
    idle.delivered(idle.working(), "index.md", b"# Index")
    with asleep(other, "slack.files.completeUploadExternal", idle.clock()):
        idle.send()
    other.sender.send_due(idle.clock())

    assert len([one for one in idle.messages() if one["file_ids"]]) == 1
    assert idle.outbox() == {}


def test_a_late_change_does_not_hide_a_newer_one(idle: Office, other: SlackEdge) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.send()
    task = idle.working()
    with asleep(other, "slack.chat.update", idle.clock()):
        idle.ended(task, TaskState.DONE, answer="Tidied.")
        idle.send()
    assert idle.texts() == ["Working: Tidy the reports", "Tidied."]

    idle.send()

    assert idle.texts() == ["Done: Tidy the reports", "Tidied."]


def test_who_may_not_send_sends_nothing(idle: Office) -> None:
    idle.task(idle.ana, "Tidy the reports")
    mute = idle.new_edge(may_send=lambda: False)
    assert mute.sender.send_due(idle.clock()) is None
    mute.stop()

    assert idle.messages() == []
    assert list(idle.outbox()) == ["card:1"]


def test_who_loses_the_right_to_send_stops_before_the_next_message(idle: Office) -> None:
    idle.task(idle.ana, "Tidy the reports")
    idle.task(idle.ana, "Tidy the attic")
    rights = itertools.chain([True, True], itertools.repeat(False))
    edge = idle.new_edge(may_send=lambda: next(rights))
    edge.sender.send_due(idle.clock())
    edge.stop()

    assert idle.texts() == ["Queued: Tidy the reports"]
