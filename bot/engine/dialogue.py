"""One task's dialogue with the model that all tasks share: its frozen beginning, and one call at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from bot import crossing
from bot.agent import prompt
from bot.agent.loop import Model, Window
from bot.domain.clock import Clock, system_clock
from bot.domain.task import Task
from bot.domain.turn import Summary, Turn, Usage
from bot.engine import briefing
from bot.engine.journal import DurableJournal
from bot.engine.reader import Reader, words_of
from bot.engine.running import Running
from bot.model.claude import Claude
from bot.model.request import Prefix
from bot.sdk.tool import Tool
from bot.store import briefs, fences, messages
from bot.store.database import Database


class Dialogue:
    """`guard` stands before each call: it may say at once that the model is out. `reader` reads for the brief."""

    def __init__(
        self,
        task: Task,
        database: Database,
        *,
        claude: Claude,
        journal: DurableJournal,
        running: Running,
        tools: Sequence[Tool],
        guard: Callable[[], AbstractContextManager[None]] = nullcontext,
        reader: Reader | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._task = task
        self._database = database
        self._claude = claude
        self._journal = journal
        self._running = running
        self._tools = tools
        self._guard = guard
        self._frozen: tuple[int, Prefix] | None = None
        self._reader = reader
        self._clock = clock
        self.model = Model(turn=self._turn, summary=self._summary, limit=self._limit, listen=self._listen)

    def _turn(self, window: Window) -> Turn:
        prefix, previous = self._prefix(), self._journal.last_message_id()
        with self._running.wire(self._task.id) as wire, self._guard(), crossing.outside("model.turn"):
            return self._claude.turn(prefix, window, wire=wire, previous_message_id=previous)

    def _summary(self, window: Window) -> Summary:
        prefix = self._prefix()
        with self._running.wire(self._task.id) as wire, self._guard(), crossing.outside("model.summary"):
            return self._claude.summary(
                prefix,
                window,
                instructions=prompt.summary_instructions(),
                wire=wire,
                previous_message_id=self._journal.last_message_id(),
            )

    def _listen(self) -> bool:
        """Before any other text is read: what the model finds in the requester's words is on disk before the turn."""
        if self._reader is None or not self._journal.has_unread:
            return False
        with self._database.read() as session:
            said = briefs.unread(session, self._task.id)
        if not said:
            return False
        with self._running.wire(self._task.id) as wire, self._guard():
            reads = [self._reader.read(text, wire) for text in said]
        with self._database.write("brief.read") as session:
            fences.fence(session, self._task)
            for read in reads:
                if read.usage != Usage():
                    self._journal.purse.count(session, read.usage)
            found = [read.reading for read in reads]
            briefing.read_again(session, self._task, said, found, words_of(reads), self._clock())
        return True

    def _limit(self) -> int:
        """Of a model that is not known yet the service is asked."""
        model = self._claude.model
        if self._claude.knows(model):
            return self._claude.context_of(model)
        with self._running.wire(self._task.id) as wire, self._guard(), wire.watching():
            return self._claude.context_of(model)

    def _prefix(self) -> Prefix:
        """Frozen at a chapter's first turn: a release with another prompt does not void running conversations.

        Another model begins a new one with the same history.
        """
        chapter = self._journal.chapter_number
        if self._frozen is None or self._frozen[0] != chapter:
            self._frozen = chapter, self._stored_prefix() or self._fresh_prefix()
        return self._frozen[1]

    def _stored_prefix(self) -> Prefix | None:
        with self._database.read() as session:
            text = messages.prefix_of(session, self._task.id)
        stored = None if text is None else Prefix.parsed(text)
        return stored if stored is not None and stored.model == self._claude.model else None

    def _fresh_prefix(self) -> Prefix:
        definitions = [tool.definition for tool in self._tools]
        fresh = Prefix.frozen(model=self._claude.model, system=prompt.system_prompt(), tools=definitions)
        with self._database.write("prefix.freeze") as session:
            fences.fence(session, self._task)
            messages.freeze_prefix(session, self._task.id, fresh.text)
        return fresh
