"""What is new for the model since its last turn: results in its own order, then what was said."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.task import Task
from bot.engine import wording
from bot.engine.wording import Block
from bot.store import tasks, words
from bot.store.database import Database, Session
from bot.store.fences import Hold
from bot.store.words import Words


class Outgoing:
    """Of one task. What was said is not looked for while nothing happened, as of our last write."""

    def __init__(self, task: Task, database: Database) -> None:
        self._task = task
        self._database = database
        self._next: tuple[str, Sequence[Words]] | None = None
        self._heard: int | None = None
        self._woken = 0

    def message(self, hold: Hold | None, *before: Block) -> str:
        """The next user message as JSON text, "" for nothing: `before` and then what was said."""
        said = self._waiting(hold)
        self._next = wording.written([*before, *map(wording.heard, said)]), said
        return self._next[0]

    def taken(self, session: Session) -> str:
        """The message that a turn answered: what was said in it is in the history now."""
        assert self._next is not None, "a turn answers a window"
        content, said = self._next
        words.take(session, list(said))
        return content

    def answered(self, *, looks_again: bool) -> None:
        """The turn is written. `looks_again`: something may have been said in the same transaction."""
        self._next, self._heard = None, None if looks_again else self._woken

    def forget(self) -> None:
        self._next = None

    def _waiting(self, hold: Hold | None) -> Sequence[Words]:
        if hold is not None and hold.wake == self._heard:
            return []
        with self._database.read() as session:
            self._woken = tasks.woken(session, self._task.id)
            return words.waiting(session, self._task.id)
