"""Slack delivers twice, late, in another order and several at a time: one task per goal, one decision per approval.

The deliveries are what the local Slack sends when people act, caught at the wire, and given to the real listeners in
an order that Hypothesis draws.
"""

from __future__ import annotations

import tempfile
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from slack_bolt import BoltRequest
from sqlmodel import select

from bot.domain.event import News
from bot.domain.task import TaskState
from bot.emulator.delivery import Timings
from bot.emulator.outcome import Acked, Outcome
from bot.store import approvals
from bot.store.tables import WordsRow
from tests.slack.conftest import Office

WORDS = ("Only those of 2024", "ok", "stop", "And make an index")
PRESSES = ("approval_approve", "approval_stop", "task_stop")


class Mailbox:
    """Stands where Slack's deliveries leave: keeps each one, and acknowledges it for Slack."""

    def __init__(self) -> None:
        self.came: list[dict[str, Any]] = []
        self._lock = threading.Condition()

    def post(self, envelope: dict[str, Any], timeout: float) -> Outcome:
        with self._lock:
            self.came.append(envelope["payload"])
            self._lock.notify_all()
        return Acked()

    def taken(self, count: int) -> list[dict[str, Any]]:
        """These many deliveries, in an order that does not depend on threads."""
        with self._lock:
            assert self._lock.wait_for(lambda: len(self.came) >= count, 20)
            came, self.came = self.came, []
        return sorted(came, key=lambda payload: str(payload.get("event", {}).get("type", "")))


class Deliveries(RuleBasedStateMachine):
    """`mail` is all that Slack ever had to deliver; any of it may come at any time, again and again."""

    office: Office

    def __init__(self) -> None:
        super().__init__()
        self.mail: list[dict[str, Any]] = []
        self.delivered: set[int] = set()
        self.goals: dict[int, str] = {}
        self.replies: dict[int, str] = {}
        self.decided: dict[str, tuple[str, str]] = {}

    @initialize()
    def opened(self) -> None:
        self.home = tempfile.TemporaryDirectory(prefix="cowork-deliveries-")
        self.office = Office(Path(self.home.name), Timings(ack=5.0, retries=(), file_share=0.0))
        self.box = Mailbox()
        self.office.slack.workspace.delivery.connect_to(self.box)  # type: ignore[arg-type]

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.office.stop()
            self.home.cleanup()

    @rule(in_channel=st.booleans())
    def someone_gives_a_goal(self, in_channel: bool) -> None:
        """A mention comes as two events, of which the one of its own begins the task."""
        goal = f"goal number {len(self.mail)}"
        ana = self.office.ana
        if in_channel:
            ana.say("reports", f"@cowork {goal}")
        else:
            ana.say(ana.bot_dm, goal)
        for payload in self.box.taken(2 if in_channel else 1):
            if payload["event"]["type"] == "app_mention" or not in_channel:
                self.goals[len(self.mail)] = goal
            self.mail.append(payload)

    @rule()
    def someone_types_a_command(self) -> None:
        goal = f"goal number {len(self.mail)}"
        self.office.ana.command("reports", f"/cowork {goal}")
        self.goals[len(self.mail)] = goal
        self.mail += self.box.taken(1)

    @precondition(lambda self: self.rooted())
    @rule(data=st.data(), words=st.sampled_from(WORDS))
    def someone_replies(self, data: st.DataObject, words: str) -> None:
        place = data.draw(st.sampled_from(self.rooted()))
        said = f"{words} ({len(self.mail)})" if words not in ("ok", "stop") else words
        self.office.ana.say(place.channel, said, thread_ts=place.thread)
        self.replies[len(self.mail)] = said
        self.mail += self.box.taken(1)

    @precondition(lambda self: self.buttons())
    @rule(data=st.data(), by_ana=st.booleans())
    def someone_presses(self, data: st.DataObject, by_ana: bool) -> None:
        message, action = data.draw(st.sampled_from(self.buttons()))
        (self.office.ana if by_ana else self.office.ben).press(message, action)
        self.mail += self.box.taken(1)

    @precondition(lambda self: self.mail)
    @rule(data=st.data(), times=st.integers(1, 3))
    def slack_delivers(self, data: st.DataObject, times: int) -> None:
        """Something new or old; several times at once when it is impatient."""
        number = data.draw(st.integers(0, len(self.mail) - 1))
        self.delivered.add(number)
        with ThreadPoolExecutor(times) as pool:
            answers = list(pool.map(self.dispatched, [number] * times))
        assert {answer.status for answer in answers} == {200}

    @precondition(lambda self: len(self.mail) > 1)
    @rule(data=st.data())
    def slack_delivers_two_at_once(self, data: st.DataObject) -> None:
        pair = data.draw(st.lists(st.integers(0, len(self.mail) - 1), min_size=2, max_size=2, unique=True))
        self.delivered |= set(pair)
        with ThreadPoolExecutor(2) as pool:
            assert {answer.status for answer in pool.map(self.dispatched, pair)} == {200}

    @precondition(lambda self: self.ready())
    @rule(is_done=st.booleans())
    def a_worker_takes_a_task(self, is_done: bool) -> None:
        """It ends, or asks for a decision; the messages go out."""
        if is_done or self.ready()[0].stop_by or self.ready()[0].epoch:
            task = self.office.working()
            self.office.ended(task, TaskState.STOPPED if task.stop_by else TaskState.DONE, answer="Tidied.")
        else:
            self.office.asked()
        self.office.send()
        self.office.send(after=2)
        self.box.taken(0)

    @invariant()
    def a_goal_is_one_task(self) -> None:
        if hasattr(self, "office"):
            begun = {self.goals[number] for number in self.delivered if number in self.goals}
            assert sorted(task.goal for task in self.office.tasks()) == sorted(begun)

    @invariant()
    def an_approval_is_decided_once_and_for_good(self) -> None:
        for task in self.known():
            told = Counter(
                str(event.data["approval"])
                for event in self.office.record.news(task.id)
                if event.news is News.DECIDED
            )
            assert all(count == 1 for count in told.values())
            with self.office.database.read() as session:
                found = approvals.of_task(session, task.id)
            for one in found:
                if not one.is_pending:
                    assert one.decided_by is not None
                    now = (one.state, one.decided_by.user)
                    assert self.decided.setdefault(one.id, now) == now
                    assert now[1] == self.office.ana.id

    @invariant()
    def a_reply_is_taken_once(self) -> None:
        if not hasattr(self, "office"):
            return
        with self.office.database.read() as session:
            words = Counter(row.text for row in session.exec(select(WordsRow)))
            for task in self.known():
                words.update(one.words for one in approvals.of_task(session, task.id) if one.words)
        assert all(count == 1 for count in words.values())
        assert set(words) <= {self.replies[number] for number in self.delivered if number in self.replies}

    def dispatched(self, number: int) -> Any:
        return self.office.edge.app.dispatch(BoltRequest(body=self.mail[number], mode="socket_mode"))

    def known(self) -> list[Any]:
        return self.office.tasks() if hasattr(self, "office") else []

    def ready(self) -> list[Any]:
        return [task for task in self.known() if task.state is TaskState.QUEUED]

    def rooted(self) -> list[Any]:
        return [task.place for task in self.known() if task.place.thread]

    def buttons(self) -> list[tuple[dict[str, Any], str]]:
        """Every button that was ever shown to somebody and still is."""
        if not hasattr(self, "office"):
            return []
        shown = [
            one
            for name in (self.office.reports, self.office.ana.bot_dm)
            for one in self.office.messages(name)
        ]
        return [
            (message, element["action_id"])
            for message in shown
            for block in message.get("blocks") or []
            if block["type"] == "actions"
            for element in block["elements"]
            if element["action_id"] in PRESSES
        ]


@pytest.mark.timeout(300)
def test_one_task_per_goal_and_one_decision_per_approval_in_any_order_of_deliveries() -> None:
    run_state_machine_as_test(
        Deliveries,
        settings=settings(max_examples=6, stateful_step_count=30, phases=[Phase.generate]),
    )
