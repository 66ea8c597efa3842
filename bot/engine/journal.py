"""The journal of one task on disk: turns, intents, results, verdicts. Append-only, and fenced to one worker."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.approval import Action, Draft
from bot.domain.brief import Brief
from bot.domain.call import Call
from bot.domain.clock import Clock, uptime
from bot.domain.event import News
from bot.domain.patience import Patience
from bot.domain.task import Task
from bot.domain.turn import Summary, Turn, Usage
from bot.domain.verdict import Ask, Verdict
from bot.engine import answered, chapters, news, unmade, upshot, wording
from bot.engine.answered import Answers
from bot.engine.bell import Bell
from bot.engine.history import History
from bot.engine.running import SURE, Running
from bot.errors import DatabaseOut, Halted
from bot.model.errors import ContextFull
from bot.store import briefs, calls, messages, spending, tasks, words
from bot.store.calls import Entry
from bot.store.database import Database, Session


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
            self._hold = tasks.still_held(session, task)
        self._calls: list[Entry] | None = None
        self._next: tuple[str, list[words.Words]] | None = None
        self._used: set[str] | None = None
        self._heard: int | None = None
        self._woken = 0
        self._noted: list[tuple[Answers, datetime]] = []
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

    def spent_out(self) -> str:
        return "" if self._hold.turns_left > 0 else "The task has used all the turns it was given."

    def window(self) -> list[dict[str, Any]]:
        self._next = self._new_message()
        return self._history.followed_by(self._next[0])

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
            begun = chapters.begin(
                session, self._task, self._history, summary, closing=closing, opening=opening, now=now
            )
        self._history, self._next = History(begun), None

    def outgrown(self, full: ContextFull) -> None:
        self._history.outgrow(full)
        self._spend("outgrown", full.usage)

    def record(self, turn: Turn) -> None:
        assert self._next is not None, "a turn answers a window"
        content, heard = self._next
        now = self._clock()
        with self._writing("record", turn=turn.usage) as session:
            words.take(session, heard)
            new = messages.append_step(
                session, self._task.id, content, turn, last=self._history.last, now=now
            )
            proposed = [Action(call=call, preview=self._preview(call)) for call in turn.calls]
            used = self._ids_used(session)
            opened = calls.propose(session, self._task.id, proposed, seq=new[-1].seq, now=now, used=used)
            self._tell(session, News.SAID, {"text": turn.text[:500], "request_id": turn.request_id})
            if not turn.calls:
                upshot.of_last_words(session, self._task.id, now=now)
        self._history.append(*new)
        self._calls = opened
        used |= {entry.call.id for entry in opened}
        self._next, self._heard = None, self._woken if turn.calls else None

    def begin(self, entry: Entry, verdict: Verdict) -> None:
        """Said again when saying so took so long that we may be taken for dead, as after standing still."""
        until = self._begun(entry, verdict, is_told=True)
        while uptime() > until:
            until = self._begun(entry, verdict)
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
        self._noted.append((answers, self._clock()))
        self._calls = answered.onto(self._turn_calls(), answers)
        answered.insist(self._look, running=self._running, bell=self._bell)

    def write_down(self) -> None:
        if self._noted:
            with suppress(DatabaseOut):  # then it is read again
                self._answered(())

    def refuse(self, entry: Entry, verdict: Verdict) -> None:
        with self._writing("refuse") as session:
            unmade.refused(session, self._task, entry, verdict, now=self._clock())

    def hold(self, draft: Draft, held: Sequence[tuple[Entry, Ask]]) -> None:
        with self._writing("hold") as session:
            self._heed_stop()
            unmade.held(session, self._task, draft, held, patience=self._patience, now=self._clock())

    def close(self, text: str) -> None:
        with self._writing("close") as session:
            unmade.closed(session, self._task, text, now=self._clock())

    def _answered(self, answers: Answers) -> None:
        with self._writing("answer") as session:
            answered.write(session, self._task, answers, now=self._clock())
        if self._calls is not None:
            self._calls = answered.onto(self._calls, answers)

    def _look(self) -> None:
        """What happened since our last write."""
        with self._database.read() as session:
            self._hold = tasks.still_held(session, self._task)

    def _begun(self, entry: Entry, verdict: Verdict, *, is_told: bool = False) -> float:
        """Until when, by the machine's uptime, nobody else takes the task."""
        asked, judged_by = uptime(), self.brief
        with self._writing("begin") as session:
            self._heed_stop(judged_by)
            if self._lease < math.inf:
                tasks.fence(session, self._task, lease_until=self._clock() + timedelta(seconds=self._lease))
            calls.begin(session, self._task.id, entry.call.id, verdict, now=self._clock())
            if is_told:
                self._tell(session, News.CALLING, wording.told(entry, verdict))
        return asked + self._lease * SURE

    @contextmanager
    def _writing(self, name: str, *, turn: Usage | None = None) -> Iterator[Session]:
        if name != "answer":
            self._calls = None
        with self._database.crowd, self._database.write(f"journal.{name}") as session:
            self._hold = tasks.fence(session, self._task, gets_on=name != "begin", turn=turn)
            answered.write_noted(session, self._task, self._noted)
            yield session
        self._noted.clear()
        self._bell.ring()

    def _heed_stop(self, judged_by: Brief | None = None) -> None:
        """A stop, or another brief, that was committed before what we are about to write comes first: `Halted`."""
        if self._hold.stop_by:
            raise Halted("The task was stopped before this call; nothing was changed.")
        if judged_by is not None and judged_by != self.brief:
            raise Halted("The requester said something before this call; nothing was changed.")

    def _tell(self, session: Session, what: News, data: dict[str, Any]) -> None:
        news.tell(session, self._task.id, self._task.place, what, now=self._clock(), data=data)

    def _turn_calls(self) -> list[Entry]:
        """Read again after every write of ours; nobody else answers the calls of a task that is at work."""
        last = self._history.last
        if last is None or not last.is_turn:
            return []
        if self._calls is None:
            with self._database.read() as session:
                made = calls.of_turn(session, self._task.id, last.seq)
            self._calls = answered.onto_noted(made, self._noted)
        return self._calls

    def _spend(self, name: str, usage: Usage) -> None:
        """What was paid for and came to nothing."""
        if usage != Usage():
            with self._writing(name) as session:
                spending.add_usage(session, self._task.id, usage)

    def _new_message(self) -> tuple[str, list[words.Words]]:
        """What is new for the model, as JSON text: results in its own order, then what was said; "" for nothing."""
        heard = self._words_waiting()
        blocks = [] if self._history.last else self._opening()
        return wording.written([*blocks, *self._results(), *map(wording.heard, heard)]), heard

    def _words_waiting(self) -> list[words.Words]:
        """Not looked for while nothing had happened, as of our last write, since they were last taken."""
        if self._hold.wake == self._heard:
            return []
        with self._database.read() as session:
            self._woken = tasks.woken(session, self._task.id)
            return words.waiting(session, self._task.id)

    def _ids_used(self, session: Session) -> set[str]:
        """While a task is at work nobody else gives its calls their ids."""
        if self._used is None:
            self._used = set(calls.ids_used(session, self._task.id))
        return self._used

    def _results(self) -> list[dict[str, Any]]:
        return [wording.result(entry) for entry in self._turn_calls()]
