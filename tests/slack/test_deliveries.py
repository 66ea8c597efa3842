"""Slack delivers twice, late, in another order and several at a time: one task per goal, one decision per approval.

The deliveries are what the local Slack sends when people act, caught at the wire, and given to the real listeners of
two fronts in an order that Hypothesis draws.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
from sqlmodel import select

from bot.domain.event import News
from bot.domain.task import Task, TaskState
from bot.emulator.delivery import Timings
from bot.engine.bell import Bell
from bot.engine.intake import Intake
from bot.engine.record import Record
from bot.slack.edge import SlackEdge
from bot.store import approvals
from bot.store.database import Database
from bot.store.tables import WordsRow
from tests.eventually import PATIENCE
from tests.slack.conftest import PATIENT, RATES, Office, connectors, received
from tests.slack.mailbox import Mailbox, deliver
from tests.store import databases

WORDS = ("Only those of 2024", "ok", "stop", "And make an index")
SHORT = ("ok", "stop")
AGAIN = "offer_again"
PRESSES = ("approval_approve", "approval_stop", "task_stop", AGAIN)
ENDS = {News.STOPPING, News.STOPPED, News.DONE, News.FAILED}


@dataclass(frozen=True)
class Goal:
    """`ts` is that of its message; "" for a command. `words` are no other goal's beginning."""

    words: str
    channel: str
    ts: str = ""
    is_direct: bool = False


@dataclass(frozen=True)
class Letter:
    """One thing that Slack has to deliver, and what it means: one of these, or a press, or nothing to us."""

    payload: dict[str, Any]
    begins: Goal | None = None
    edits: Goal | None = None
    signs: Goal | None = None
    reply_to: str = ""
    words: str = ""
    again: str = ""


class Deliveries(RuleBasedStateMachine):
    """`mail` is all that Slack ever had to deliver; any of it may come at any time, again and again, at any front."""

    office: Office
    fronts: list[SlackEdge]

    def __init__(self) -> None:
        super().__init__()
        self.mail: list[Letter] = []
        self.delivered: set[int] = set()
        self.goals: list[Goal] = []
        self.at_work: list[Task] = []
        self.decided: dict[str, tuple[str, str]] = {}

    @contextlib.contextmanager
    def opened_databases(self, home: Path) -> Iterator[tuple[Database, Database]]:
        """That of each front."""
        database = databases.sqlite(home)
        yield database, database

    @initialize()
    def opened(self) -> None:
        self.stack = contextlib.ExitStack()
        home = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="cowork-deliveries-")))
        mine, other = self.stack.enter_context(self.opened_databases(home))
        timings = Timings(ack=PATIENCE, retries=(), file_share=0.0)
        self.office = Office(home, timings, database=mine)
        self.stack.callback(self.office.stop)
        self.fronts = [self.office.edge, self.stack.enter_context(self.another_front(other))]
        self.box = Mailbox(self.office.slack.workspace.bot_user)
        self.office.slack.workspace.delivery.connect_to(self.box)  # type: ignore[arg-type]

    @contextlib.contextmanager
    def another_front(self, database: Database) -> Iterator[SlackEdge]:
        given, clock, bell = self.office.settings, self.office.clock, Bell()
        edge = SlackEdge(
            settings=given,
            intake=Intake(database, given, clock=clock, bell=bell),
            record=Record(database, clock=clock, home=given.home),
            database=database,
            bell=bell,
            clock=clock,
            model="rehearsal",
            rates=RATES,
            waits=PATIENT,
            may_send=lambda: False,
            reception=received(database, {}, self.office.clock, {}),
            connectors=connectors(database, given, clock),
        )
        yield edge
        edge.stop()

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    @rule(in_channel=st.booleans())
    def someone_gives_a_goal(self, in_channel: bool) -> None:
        """A mention comes as two events, of which the one of its own begins the task."""
        words, ana = self.new_goal(), self.office.ana
        channel = self.office.reports if in_channel else ana.bot_dm
        ts = ana.say(channel, f"@cowork {words}" if in_channel else words)["ts"]
        goal = Goal(words, channel, ts, is_direct=not in_channel)
        self.goals.append(goal)
        for payload in self.box.taken(2 if in_channel else 1):
            begins = payload["event"]["type"] == "app_mention" or not in_channel
            self.mail.append(Letter(payload, begins=goal if begins else None))

    @rule()
    def someone_types_a_command(self) -> None:
        goal = Goal(self.new_goal(), self.office.reports)
        self.office.ana.command(goal.channel, f"/cowork {goal.words}")
        self.goals.append(goal)
        self.mail.append(Letter(self.box.taken(1)[0], begins=goal))

    @precondition(lambda self: self.threads())
    @rule(data=st.data(), words=st.sampled_from(WORDS))
    def someone_replies(self, data: st.DataObject, words: str) -> None:
        """Under what we know; in a direct message also under what has not come yet."""
        channel, thread, root = data.draw(st.sampled_from(self.threads()))
        said = words if words in SHORT else f"{words} ({len(self.mail)})"
        self.office.ana.say(channel, said, thread_ts=thread)
        self.mail.append(Letter(self.box.taken(1)[0], reply_to=root, words=said))

    @precondition(lambda self: self.messages())
    @rule(data=st.data())
    def someone_edits_a_goal(self, data: st.DataObject) -> None:
        goal = data.draw(st.sampled_from(self.messages()))
        words = f"{goal.words}, or rather ({len(self.mail)})"
        self.office.ana.edit(goal.channel, goal.ts, words if goal.is_direct else f"@cowork {words}")
        self.mail.append(Letter(self.box.taken(1)[0], edits=goal, words=words))

    @precondition(lambda self: self.unsigned())
    @rule(data=st.data())
    def someone_puts_a_stop_sign_on_a_goal(self, data: st.DataObject) -> None:
        goal = data.draw(st.sampled_from(self.unsigned()))
        self.office.ana.react(goal.channel, goal.ts, "no_entry")
        self.mail.append(Letter(self.box.taken(1)[0], signs=goal))

    @precondition(lambda self: self.buttons())
    @rule(data=st.data(), by_ana=st.booleans())
    def someone_presses(self, data: st.DataObject, by_ana: bool) -> None:
        message, action, value = data.draw(st.sampled_from(self.buttons()))
        who = self.office.ana if by_ana or message["channel"] == self.office.ana.bot_dm else self.office.ben
        who.press(message, action)
        again = value if action == AGAIN and who is self.office.ana else ""
        self.mail.append(Letter(self.box.taken(1)[0], again=again))

    @precondition(lambda self: self.mail)
    @rule(data=st.data(), times=st.integers(1, 3))
    def slack_delivers(self, data: st.DataObject, times: int) -> None:
        """Something new or old; several times at once when it is impatient."""
        self.deliver([data.draw(st.integers(0, len(self.mail) - 1))] * times)

    @precondition(lambda self: len(self.mail) > 1)
    @rule(data=st.data())
    def slack_delivers_several_at_once(self, data: st.DataObject) -> None:
        last = len(self.mail) - 1
        self.deliver(data.draw(st.lists(st.integers(0, last), min_size=2, max_size=4, unique=True)))

    @precondition(lambda self: set(range(len(self.mail))) - self.delivered)
    @rule()
    def slack_delivers_what_it_kept_back_the_newest_first(self) -> None:
        for number in sorted(set(range(len(self.mail))) - self.delivered, reverse=True):
            self.deliver([number])

    @precondition(lambda self: self.of_state(TaskState.QUEUED))
    @rule()
    def a_worker_takes_a_task(self) -> None:
        self.at_work.append(self.office.working())
        self.office.send()

    @precondition(lambda self: self.at_work)
    @rule(is_done=st.booleans())
    def a_worker_lets_go_of_it(self, is_done: bool) -> None:
        """It ended, or asks for a decision, but only once; the messages go out."""
        task = self.at_work.pop()
        stop_by = self.office.record.snapshot(task.id).task.stop_by
        if is_done or stop_by or self.approvals_of(task.id):
            self.office.ended(task, TaskState.STOPPED if stop_by else TaskState.DONE, answer="Tidied.")
        else:
            self.office.asked(task=task)
        self.office.send()
        self.office.send(after=2)

    @invariant()
    def a_goal_is_one_task_and_one_more_for_each_that_was_begun_again(self) -> None:
        begun = sorted(letter.begins.words for letter in self.arrived() if letter.begins)
        tasks = [task.goal for task in self.known()]
        assert sorted(goal for goal in tasks if ", or rather" not in goal) == sorted(set(begun))
        again = [goal for goal in tasks if ", or rather" in goal]
        assert set(again) <= {letter.words for letter in self.arrived() if letter.edits}
        assert len(again) <= len({letter.again for letter in self.arrived() if letter.again})

    @invariant()
    def an_approval_is_decided_once_and_for_good(self) -> None:
        for task in self.known():
            told = Counter(
                str(event.data["approval"])
                for event in self.office.record.news(task.id)
                if event.news is News.DECIDED
            )
            assert all(count == 1 for count in told.values())
            for one in self.approvals_of(task.id):
                if not one.is_pending:
                    assert one.decided_by is not None
                    now = (one.state, one.decided_by.user)
                    assert self.decided.setdefault(one.id, now) == now
                    assert now[1] == self.office.ana.id

    @invariant()
    def a_reply_is_taken_once_when_it_and_its_goal_have_come(self) -> None:
        if not hasattr(self, "office"):
            return
        with self.office.database.read() as session:
            heard = Counter(row.text for row in session.exec(select(WordsRow)))
        for task in self.known():
            heard.update(one.words for one in self.approvals_of(task.id) if one.words)
        begun = {letter.begins.words for letter in self.arrived() if letter.begins}
        said = [letter.words for letter in self.arrived() if letter.reply_to in begun]
        assert {words: heard[words] for words in heard if words not in SHORT} == {
            words: 1 for words in said if words not in SHORT
        }

    @invariant()
    def the_newest_edit_that_came_is_what_the_goal_is_or_could_begin_again_with(self) -> None:
        for goal in self.messages():
            tasks = [task for task in self.known() if task.goal.partition(",")[0] == goal.words]
            edits = [letter.words for letter in self.arrived() if letter.edits == goal]
            if tasks and edits:
                assert edits[-1] in (tasks[-1].goal, tasks[-1].edited_goal)

    @invariant()
    def a_stop_sign_that_came_has_stopped_its_goal_unless_that_had_ended(self) -> None:
        signed = {letter.signs.words for letter in self.arrived() if letter.signs}
        for task in self.known():
            if task.goal in signed:
                assert ENDS & {event.news for event in self.office.record.news(task.id)}

    def deliver(self, numbers: list[int]) -> None:
        """At once, each at another front than the one before."""
        self.delivered |= set(numbers)
        fronts = [self.fronts[place % 2] for place in range(len(numbers))]
        payloads = [self.mail[number].payload for number in numbers]
        with ThreadPoolExecutor(len(numbers)) as pool:
            assert set(pool.map(deliver, fronts, payloads)) == {200}

    def arrived(self) -> list[Letter]:
        """In the order in which people did it."""
        return [self.mail[number] for number in sorted(self.delivered)]

    def new_goal(self) -> str:
        return f"goal number {len(self.goals)}"

    def known(self) -> list[Task]:
        return self.office.record.newest(200)[::-1] if hasattr(self, "office") else []

    def of_state(self, state: TaskState) -> list[Task]:
        return [task for task in self.known() if task.state is state]

    def approvals_of(self, task_id: int) -> list[Any]:
        with self.office.database.read() as session:
            return approvals.of_task(session, task_id)

    def messages(self) -> list[Goal]:
        return [goal for goal in self.goals if goal.ts]

    def unsigned(self) -> list[Goal]:
        signed = [letter.signs for letter in self.mail if letter.signs]
        return [goal for goal in self.messages() if goal not in signed]

    def threads(self) -> list[tuple[str, str, str]]:
        """Channel and root of each, and the goal that is there."""
        rooted = {
            (task.place.channel, task.place.thread or "", task.goal.partition(",")[0])
            for task in self.known()
            if task.place.thread
        }
        return sorted(rooted | {(goal.channel, goal.ts, goal.words) for goal in self.goals if goal.is_direct})

    def buttons(self) -> list[tuple[dict[str, Any], str, str]]:
        """Every button that was ever shown to everybody and still is, with its value."""
        if not hasattr(self, "office"):
            return []
        shown = [
            one
            for name in (self.office.reports, self.office.ana.bot_dm)
            for one in self.office.messages(name)
        ]
        return [
            (message, element["action_id"], element.get("value", ""))
            for message in shown
            for block in message.get("blocks") or []
            for element in [*block.get("elements", []), block.get("accessory") or {}]
            if element.get("action_id") in PRESSES
        ]


class DeliveriesToAFleet(Deliveries):
    """Each front has its own connections to PostgreSQL, as a process of its own would have."""

    @contextlib.contextmanager
    def opened_databases(self, home: Path) -> Iterator[tuple[Database, Database]]:
        url = databases.migrated_postgres()
        mine, other = Database(url), Database(url)
        yield mine, other
        other.close()
        databases.drop_postgres(url)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("machine", [Deliveries, DeliveriesToAFleet])
def test_one_task_per_goal_and_one_decision_per_approval_in_any_order_of_deliveries(
    machine: type[Deliveries],
) -> None:
    run_state_machine_as_test(
        machine, settings=settings(max_examples=8, stateful_step_count=40, phases=[Phase.generate])
    )
