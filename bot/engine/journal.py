"""The journal of one task on disk: turns, intents, results, verdicts. Append-only, and fenced to one worker."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.approval import Action, Draft
from bot.domain.brief import Brief
from bot.domain.budget import SpentOut
from bot.domain.call import Call
from bot.domain.clock import Clock, uptime
from bot.domain.event import News
from bot.domain.patience import Patience
from bot.domain.pin import Pin
from bot.domain.task import Task
from bot.domain.turn import Summary, Turn, Usage
from bot.domain.verdict import Allow, Ask, Verdict
from bot.engine import answered, chapters, evidence, news, unmade, upshot, wording
from bot.engine.allowing import Allowed
from bot.engine.answered import Answers, Slate
from bot.engine.bell import Bell
from bot.engine.evidence import Proof
from bot.engine.history import History
from bot.engine.outgoing import Outgoing
from bot.engine.purse import Purse
from bot.engine.running import SURE, Running
from bot.engine.seeing import Seeing
from bot.errors import DatabaseOut, Halted
from bot.model.errors import ContextFull
from bot.store import briefs, calls, fences, messages, tasks, words
from bot.store.calls import Entry
from bot.store.database import Database, Session

_ASTRIDE = frozenset({"begin", "reserve"})  # by these alone a process that dies again gets nowhere


class DurableJournal:
    """Implements `bot.agent.journal.Journal` over the database. `preview` puts a call in words.

    `lease` is how many seconds the task is ours after we said so; in a fleet others take it then.
    """

    def __init__(
        self,
        task: Task,
        database: Database,
        *,
        clock: Clock,
        bell: Bell,
        running: Running,
        preview: Callable[[Call], str],
        opening: Callable[[], list[dict[str, Any]]],
        lease: float = math.inf,
        patience: Patience = Patience(),
        purse: Purse | None = None,
        allowed: Allowed | None = None,
    ) -> None:
        self._task = task
        self._database = database
        self._clock = clock
        self._bell = bell
        self._running = running
        self._preview = preview
        self._opening = opening
        self._lease = lease
        self._patience = patience
        with database.read() as session:
            self._history = History(messages.of_chapter(session, task.id))
            self._hold = fences.still_held(session, task)
            self.seeing = Seeing(session, task)
        self._calls: list[Entry] | None = None
        self._used: set[str] | None = None
        self._outgoing = Outgoing(task, database)
        self.purse = purse or Purse(task, clock=clock)
        self._allowed = allowed or Allowed(task, database, clock=clock)
        self._slate = Slate(task)
        running.begin(task.id)

    def stopped_by(self) -> str:
        """As of our last write, or the beginning; asked of the database when this process was interrupted."""
        if self._running.was_interrupted(self._task.id):
            self._hold = replace(self._hold, stop_by=self.stopped_by_now())
        return self._hold.stop_by

    @property
    def brief(self) -> Brief:
        return briefs.parsed(self._hold.brief)

    @property
    def has_unread(self) -> bool:
        """The requester said something that was not read for the brief yet: as of our last write, too."""
        return self._hold.has_unread

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
        last = self._history.last
        if last is None or not last.is_turn or self._turn_calls():
            return False
        with self._database.read() as session:
            return not words.waiting(session, self._task.id)

    def last_words(self) -> str:
        return wording.text_of(self._history.last.content) if self._history.last else ""

    def spent_out(self) -> SpentOut | None:
        size, made = self._history.size, self._turn_calls()
        return self.purse.spent_out(self._hold.spending, lambda: self._writing("reserve"), size, made)

    def window(self) -> list[dict[str, Any]]:
        blocks = [] if self._history.last else self._opening()
        return self._history.followed_by(self._outgoing.message(self._hold, *blocks, *self._results()))

    @property
    def chapter_number(self) -> int:
        return self._history.chapter

    def last_message_id(self) -> str | None:
        return self._history.last_message_id()

    def is_full(self, limit: Callable[[], int]) -> bool:
        if self._history.is_outgrown:
            return True
        waiting = sum(len(entry.text) for entry in self._turn_calls())
        return self._history.turns > 0 and self._history.nears(limit(), waiting=waiting)

    def chapter(self) -> list[dict[str, Any]]:
        return self._history.followed_by(wording.written(self._results()))

    def turn_page(self, summary: Summary) -> None:
        if summary.is_empty and not self._history.is_outgrown:
            self._spend("summary.none", summary.usage)
            self._history.put_off()
            return
        closing, opening, now = wording.written(self._results()), self._opening(), self._clock()
        with self._writing("turn_page") as session:
            if summary.usage != Usage():
                self.purse.count(session, summary.usage)
            begun = chapters.begin(
                session, self._task, self._history, summary, closing=closing, opening=opening, now=now
            )
        self._history = History(begun)
        self._outgoing.forget()

    def outgrown(self, full: ContextFull) -> None:
        self._history.outgrow(full)
        self._spend("outgrown", full.usage)

    def record(self, turn: Turn) -> None:
        now, worked = self._clock(), self.purse.lap()
        proposed = [Action(call=call, preview=self._preview(call)) for call in turn.calls]
        with self._writing("record", turn=turn.usage, worked=worked) as session:
            content = self._outgoing.taken(session)
            new = messages.append_step(
                session, self._task.id, content, turn, last=self._history.last, now=now
            )
            if self._used is None:  # while it is at work nobody else gives its calls their ids
                self._used = set(calls.ids_used(session, self._task.id))
            used = self._used
            opened = calls.propose(session, self._task.id, proposed, seq=new[-1].seq, now=now, used=used)
            self._tell(session, News.SAID, wording.said(session, turn), evidence.of_turn(turn, new[-1].seq))
            if not turn.calls:
                upshot.of_last_words(session, self._task.id, now=now)
            size = self._history.size + turn.usage.output_tokens
            is_told = self.purse.settle(session, turn, self._hold.spending, size=size, worked=worked)
        self._history.append(*new)
        self._calls = opened
        used |= {entry.call.id for entry in opened}
        self._outgoing.answered(looks_again=is_told or not turn.calls)

    def begin(self, entry: Entry, verdict: Verdict, pin: Pin | None = None) -> None:
        """Said again when saying so took so long that we may be taken for dead, as after standing still."""
        until = self._begun(entry, verdict, pin, is_told=True)
        while uptime() > until:
            until = self._begun(entry, verdict, pin)
        if until < math.inf:
            self._running.trust([self._task.id], until=until)

    def take_back(self, entry: Entry) -> None:
        with self._writing("take_back") as session:
            calls.take_back(session, self._task.id, entry)
            self._tell(session, News.CALLED, wording.told(entry, None) | {"ok": False})

    def answer(self, answers: Answers) -> None:
        answered.insist(lambda: self._answered(answers), running=self._running, bell=self._bell)

    def note(self, answers: Answers) -> None:
        """A write less for every turn that only reads. What happened meanwhile is asked for instead."""
        if not answered.may_wait(answers):
            self.answer(answers)
            return
        self.seeing.take(answers)
        self._slate.note(answers, self._clock())
        self._calls = answered.onto(self._turn_calls(), answers)
        answered.insist(self._look, running=self._running, bell=self._bell)

    def write_down(self) -> None:
        if self._slate.noted:
            with suppress(DatabaseOut):  # then it is read again
                self._answered(())

    def refuse(self, entry: Entry, verdict: Verdict) -> None:
        with self._writing("refuse") as session:
            unmade.refused(session, self._task, entry, verdict, now=self._clock())

    def hold(self, draft: Draft, held: Sequence[tuple[Entry, Ask]]) -> None:
        self.seeing.show(draft)
        draft = self.seeing.behind(self._database, draft, self._slate.noted)
        with self._writing("hold") as session:
            self._heed_stop()
            unmade.held(session, self._task, draft, held, patience=self._patience, now=self._clock())

    def close(self, text: str) -> None:
        with self._writing("close") as session:
            unmade.closed(session, self._task, text, now=self._clock())

    def _answered(self, answers: Answers) -> None:
        self.seeing.take(answers)
        with self._writing("answer") as session:
            self._slate.write(session, answers, now=self._clock())
        if self._calls is not None:
            self._calls = answered.onto(self._calls, answers)

    def _look(self) -> None:
        """What happened since our last write."""
        with self._database.read() as session:
            self._hold = fences.still_held(session, self._task)

    def _begun(self, entry: Entry, verdict: Verdict, pin: Pin | None, *, is_told: bool = False) -> float:
        """Until when, by the machine's uptime, nobody else takes the task."""
        asked, judged_by = uptime(), self.brief
        with self._writing("begin") as session:
            self._heed_stop(judged_by)
            if self._lease < math.inf:
                fences.fence(session, self._task, lease_until=self._clock() + timedelta(seconds=self._lease))
            calls.begin(session, self._task.id, entry.call.id, verdict, now=self._clock())
            if is_told:
                self._allowed.use(session, verdict.kinds if isinstance(verdict, Allow) else ())
                proof = evidence.of_begun(session, self._task, entry, self.seeing.seen, pin)
                self._tell(session, News.CALLING, wording.told(entry, verdict), proof)
        return asked + self._lease * SURE

    @contextmanager
    def _writing(self, name: str, *, turn: Usage | None = None, worked: int = 0) -> Iterator[Session]:
        if name != "answer":
            self._calls = None
        with self._slate.wiped(), self._database.crowd, self._database.write(f"journal.{name}") as session:
            gets_on = name not in _ASTRIDE
            self._hold = fences.fence(session, self._task, gets_on=gets_on, turn=turn, worked=worked)
            self._slate.write_noted(session)
            yield session
            self.seeing.write(session, self._hold.labels)
        self._bell.ring()

    def _heed_stop(self, judged_by: Brief | None = None) -> None:
        """A stop, or another brief, that was committed before what we are about to write comes first: `Halted`."""
        if self._hold.stop_by:
            raise Halted("The task was stopped before this call; nothing was changed.")
        if judged_by is not None and judged_by != self.brief:
            raise Halted("The requester said something before this call; nothing was changed.")

    def _tell(self, session: Session, what: News, data: Proof, proof: Proof | None = None) -> None:
        news.tell(session, self._task.id, self._task.place, what, now=self._clock(), data=data, proof=proof)

    def _turn_calls(self) -> list[Entry]:
        """Read again after every write of ours; nobody else answers the calls of a task that is at work."""
        last = self._history.last
        if last is None or not last.is_turn:
            return []
        if self._calls is None:
            with self._database.read() as session:
                made = calls.of_turn(session, self._task.id, last.seq)
            self._calls = answered.onto_noted(made, self._slate.noted)
        return self._calls

    def _spend(self, name: str, usage: Usage) -> None:
        """What was paid for and came to nothing."""
        if usage != Usage():
            with self._writing(name) as session:
                self.purse.count(session, usage)

    def _results(self) -> list[dict[str, Any]]:
        return [wording.result(entry) for entry in self._turn_calls()]
