"""How far a running call of a connector is, as its server tells it: at most once a second, and the less the longer."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from bot.domain.cleaned import cleaned
from bot.domain.clock import Clock
from bot.domain.connector import Connector, Heard
from bot.domain.event import News
from bot.domain.task import Task
from bot.engine import news
from bot.engine.bell import Bell
from bot.errors import CoworkError
from bot.policy import links
from bot.store import fences
from bot.store.database import Database

_LONGEST_WORDS: Final = 120
_LEAST: Final = 1.0
_PART: Final = 0.05
"""Of the time that a call has taken: news of one that takes an hour need not come every second."""

_PATIENCE: Final = 0.2
_MARKUP: Final = str.maketrans({"“": '"', "”": '"'} | dict.fromkeys("*_~`", " "))
"""What would end our quotation, or be drawn as more than words."""


class Progress:
    """Of one task's calls, as news: on the card, in the terminal, and for programs. Not in the audit log."""

    def __init__(self, task: Task, database: Database, *, clock: Clock, bell: Bell) -> None:
        self._task = task
        self._database = database
        self._clock = clock
        self._bell = bell

    @contextmanager
    def of(self, connector: Connector, effect_id: str) -> Iterator[Heard]:
        """Around one call. Words that not everyone may read are left out: the card stands where others see it."""
        telling = _Telling(lambda said: self._tell(effect_id, said))

        def heard(done: float, total: float | None, words: str) -> None:
            telling.hear(said(done, total, "" if connector.is_personal else words))

        try:
            yield heard
        finally:
            telling.end()

    def _tell(self, effect_id: str, said: str) -> None:
        with self._database.write("progress.tell") as session:
            fences.fence(session, self._task)
            told = {"effect": effect_id, "progress": said}
            news.tell(
                session,
                self._task.id,
                self._task.place,
                News.PROGRESS,
                now=self._clock(),
                data=told,
                audited=False,
            )
        self._bell.ring()


def said(done: float, total: float | None, words: str) -> str:
    """For example ‘40%: “Copying”’: one plain line, in which the server's words are quoted."""
    plain = links.plain(" ".join(cleaned(words).translate(_MARKUP).split()))
    cut = plain if len(plain) <= _LONGEST_WORDS else f"{plain[:_LONGEST_WORDS]}…"
    quoted = f"“{cut}”" if cut else ""
    return ": ".join(filter(None, [_part(done, total), quoted]))


def _part(done: float, total: float | None) -> str:
    if not math.isfinite(done) or done < 0:
        return ""
    if total is None or not math.isfinite(total) or total <= 0:
        return f"{done:,.0f} so far"
    return f"{min(done / total, 1):.0%}"


class _Telling:
    """Hears on a thread that must not wait, and tells from one of its own, which begins with the first word."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._began = time.monotonic()
        self._changed = threading.Condition()
        self._is_over = threading.Event()
        self._said = self._told = ""
        self._thread: threading.Thread | None = None

    def hear(self, said: str) -> None:
        with self._changed:
            self._said = said
            self._changed.notify()
            if self._thread is None and not self._is_over.is_set():
                self._thread = threading.Thread(target=self._run, name="progress", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Nothing is told any more."""
        with self._changed:
            self._is_over.set()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(_PATIENCE)

    def _run(self) -> None:
        while not self._is_over.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._is_over.is_set() or self._said != self._told)
                self._told = self._said
            if self._is_over.is_set():
                return
            try:
                self._tell(self._told)
            except CoworkError:  # the database is out, or the task another's: the call itself finds that out
                return
            self._is_over.wait(max(_LEAST, _PART * (time.monotonic() - self._began)))
