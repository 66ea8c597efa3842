"""The journal of one task on disk: turns, intents, results, verdicts. Append-only, and fenced to one worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

from bot.agent import batches, prompt
from bot.domain.approval import Action, Draft
from bot.domain.call import Call, Result
from bot.domain.clock import Clock
from bot.domain.event import News
from bot.domain.task import Task
from bot.domain.turn import Turn
from bot.domain.verdict import Ask, Verdict
from bot.engine import news
from bot.engine.bell import Bell
from bot.engine.running import Running
from bot.store import approvals, calls, encoding, messages, spending, tasks, words
from bot.store.calls import CallState, Entry
from bot.store.database import Database, Session
from bot.store.messages import Message
from bot.store.outbox import PostKind
from bot.store.tasks import Hold
from bot.store.words import Words

NOTE_BY = ""
_MOST_NOTES = 2


class DurableJournal:
    """Implements `bot.agent.journal.Journal` over the database. `preview` puts a call in words."""

    def __init__(
        self,
        task: Task,
        database: Database,
        *,
        clock: Clock,
        bell: Bell,
        running: Running,
        preview: Callable[[Call], str],
        opening: list[dict[str, Any]],
    ) -> None:
        self._task = task
        self._database = database
        self._clock = clock
        self._bell = bell
        self._running = running
        self._preview = preview
        self._opening = opening
        with database.read() as session:
            self._history: list[Message] = messages.of_task(session, task.id)
        self._parsed: list[dict[str, Any]] = []
        self._calls: list[Entry] | None = None
        self._next: tuple[str, list[Words]] | None = None
        self._hold: Hold | None = None
        running.begin(task.id)

    def stopped_by(self) -> str:
        """As of our last write; asked of the database at the start, and when this process was interrupted."""
        if self._hold is None or self._running.is_interrupted(self._task.id):
            return self.stopped_by_now()
        return self._hold.stop_by

    def stopped_by_now(self) -> str:
        with self._database.read() as session:
            return tasks.stop_by(session, self._task.id)

    def is_parking(self) -> bool:
        return self._running.is_parking

    def unanswered(self) -> list[Entry]:
        return [entry for entry in self._turn_calls() if not entry.state.has_answer]

    def batch(self, entry: Entry) -> list[Entry]:
        with self._database.read() as session:
            return calls.of_batch(session, self._task.id, entry.call.id)

    def is_settled(self) -> bool:
        if not self._history or self._history[-1].role != "assistant" or self._turn_calls():
            return False
        with self._database.read() as session:
            return not words.waiting(session, self._task.id)

    def last_words(self) -> str:
        return _text_of(json.loads(self._history[-1].content))

    def spent_out(self) -> str:
        return "" if self._turns_left() > 0 else "The task has used all the turns it was given."

    def window(self) -> list[dict[str, Any]]:
        content, heard = self._new_message()
        self._next = (content, heard)
        new = self._history[len(self._parsed) :]
        self._parsed += [{"role": one.role, "content": json.loads(one.content)} for one in new]
        return [*self._parsed, {"role": "user", "content": json.loads(content)}]

    def last_message_id(self) -> str | None:
        """The id of the model's last message, for its diagnostics."""
        return next((one.message_id for one in reversed(self._history) if one.message_id), None)

    def record(self, turn: Turn) -> None:
        assert self._next is not None, "a turn answers a window"
        content, heard = self._next
        now = self._clock()
        with self._writing() as session:
            words.take(session, heard)
            asked = messages.append_words(session, self._task.id, content, now=now)
            said = messages.append_turn(session, self._task.id, turn, now=now)
            proposed = [Action(call=call, preview=self._preview(call)) for call in turn.calls]
            calls.propose(session, self._task.id, proposed, seq=said.seq, now=now)
            spending.add_usage(session, self._task.id, turn.usage)
            self._tell(session, News.SAID, {"text": turn.text[:500], "request_id": turn.request_id})
            if not turn.calls:
                self._note_open_steps(session)
        self._hold = replace(self._hold, turns_left=self._hold.turns_left - 1) if self._hold else None
        self._history += [asked, said]
        self._next = None

    def begin(self, entry: Entry, verdict: Verdict) -> None:
        with self._writing() as session:
            calls.begin(session, self._task.id, entry.call.id, verdict, now=self._clock())
            self._tell(session, News.CALLING, _told(entry, verdict))

    def answer(self, answers: Sequence[tuple[Entry, Result, Verdict | None]]) -> None:
        with self._writing(keeps_calls=True) as session:
            for entry, result, verdict in answers:
                calls.answer(
                    session, self._task.id, entry.call.id, result, now=self._clock(), verdict=verdict
                )
                self._tell(session, News.CALLED, _told(entry, verdict) | {"ok": not result.is_error})
                self._apply(session, entry, result)
        if self._calls is not None:
            given = {entry.call.id: result for entry, result, _ in answers}
            self._calls = [calls.answered(entry, given.get(entry.call.id)) for entry in self._calls]

    def refuse(self, entry: Entry, verdict: Verdict) -> None:
        text = f"Not allowed (rule {verdict.rule}): {verdict.reason}"
        with self._writing() as session:
            self._close(session, entry, text, CallState.DENIED, verdict)
            self._tell(session, News.DENIED, _told(entry, verdict))

    def hold(self, draft: Draft, held: Sequence[tuple[Entry, Ask]]) -> None:
        approval_id = uuid4().hex
        now = self._clock()
        with self._writing() as session:
            approvals.put(session, approval_id, self._task.id, draft, now=now)
            shown = {action.call.id: action.absent for action in draft.actions}
            for entry, verdict in held:
                absent = shown.get(entry.call.id, ())
                calls.hold(session, self._task.id, entry.call.id, approval_id, verdict, absent=absent)
            self._tell(
                session, News.ASKED, {"approval": approval_id, "title": draft.title, "digest": draft.digest}
            )
            news.want(session, PostKind.APPROVAL, self._task.id, self._task.place, approval_id, now=now)

    def close(self, text: str) -> None:
        with self._writing() as session:
            entries = calls.of_task(session, self._task.id)
            for entry in entries:
                if entry.is_unknown:
                    self._close(session, entry, "Stopped while running; outcome unknown.", CallState.REFUSED)
                elif not entry.state.has_answer:
                    batch = [one for one in entries if one.batch == entry.call.id]
                    self._close(session, entry, batches.when_stopped(text, batch), CallState.REFUSED)

    @contextmanager
    def _writing(self, *, keeps_calls: bool = False) -> Iterator[Session]:
        if not keeps_calls:
            self._calls = None
        with self._database.crowd, self._database.write() as session:
            hold = tasks.fence(session, self._task)
            yield session
        self._hold = hold
        self._bell.ring()

    def _turns_left(self) -> int:
        if self._hold is None:
            with self._database.read() as session:
                return spending.turns_left(session, self._task.id)
        return self._hold.turns_left

    def _tell(self, session: Session, what: News, data: dict[str, Any]) -> None:
        news.tell(session, self._task.id, self._task.place, what, now=self._clock(), data=data)

    def _close(
        self, session: Session, entry: Entry, text: str, state: CallState, verdict: Verdict | None = None
    ) -> None:
        result = Result(text=text, is_error=True)
        now = self._clock()
        calls.answer(session, self._task.id, entry.call.id, result, now=now, state=state, verdict=verdict)

    def _apply(self, session: Session, entry: Entry, result: Result) -> None:
        """What a result changes in the task itself: its plan, its files for the thread."""
        if result.plan is not None:
            tasks.set_plan(session, self._task.id, result.plan)
            events_data = {"steps": [[step.title, step.state] for step in result.plan.steps]}
            news.tell(
                session,
                self._task.id,
                self._task.place,
                News.PLAN,
                now=self._clock(),
                data=events_data,
                audited=False,
            )
        if result.deliverable is not None:
            self._tell(
                session, News.DELIVERED, {"title": result.deliverable.title, "path": result.deliverable.path}
            )
            now = self._clock()
            news.want(session, PostKind.FILE, self._task.id, self._task.place, entry.call.id, now=now)

    def _turn_calls(self) -> list[Entry]:
        """Read again after every write of ours; nobody else answers the calls of a task that is at work."""
        if not self._history or self._history[-1].role != "assistant":
            return []
        if self._calls is None:
            with self._database.read() as session:
                self._calls = calls.of_turn(session, self._task.id, self._history[-1].seq)
        return self._calls

    def _new_message(self) -> tuple[str, list[Words]]:
        """What is new for the model, as JSON text: results in the model's order, then what was said."""
        with self._database.read() as session:
            heard = words.waiting(session, self._task.id)
        blocks = [] if self._history else list(self._opening)
        blocks += [_result_block(entry) for entry in self._turn_calls()]
        blocks += [_heard_block(one) for one in heard]
        return encoding.legible(json.dumps(blocks, ensure_ascii=False)), heard

    def _note_open_steps(self, session: Session) -> None:
        """A turn that ends with open steps is reminded of them, twice at most (notes/model.md §12)."""
        task = tasks.get(session, self._task.id)
        assert task is not None
        if not task.plan.open_steps or words.count_by(session, task.id, NOTE_BY) >= _MOST_NOTES:
            return
        steps = "; ".join(step.title for step in task.plan.open_steps)
        text = f"These steps of your plan are still open: {steps}. Finish them, or update the plan and say why not."
        words.add(session, task.id, author=NOTE_BY, text=text, now=self._clock())


def made_by(entries: Sequence[Entry]) -> frozenset[str]:
    """The marks of what this task made itself: it may change and delete that without asking."""
    return frozenset(
        entry.receipt.mark for entry in entries if entry.receipt is not None and entry.receipt.mark
    )


def _result_block(entry: Entry) -> dict[str, Any]:
    block: dict[str, Any] = {
        "type": "tool_result",
        "tool_use_id": entry.asked_as,
        "content": [{"type": "text", "text": entry.text or "(nothing came back)"}],
    }
    return block | {"is_error": True} if entry.is_error else block


def _heard_block(heard: Words) -> dict[str, Any]:
    if heard.author == NOTE_BY:
        return prompt.note(heard.text)
    return prompt.follow_up(heard.author, heard.text)


def _text_of(blocks: list[dict[str, Any]]) -> str:
    return "\n\n".join(block["text"] for block in blocks if block["type"] == "text").strip()


def _told(entry: Entry, verdict: Verdict | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "call": entry.call.id,
        "tool": entry.call.tool,
        "what": entry.preview,
        "digest": entry.digest,
    }
    return told if verdict is None else told | {"rule": verdict.rule, "reason": verdict.reason}
