"""Answers that are known: how they are written down, and how a task's calls look with them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from bot.domain.call import Result
from bot.domain.event import News
from bot.domain.task import Task
from bot.domain.verdict import Verdict
from bot.engine import evidence, news, upshot, wording
from bot.engine.bell import Bell
from bot.engine.running import Running
from bot.errors import DatabaseOut
from bot.store import calls
from bot.store.calls import Entry
from bot.store.database import Session

_BETWEEN_TRIES = 1.0

logger = logging.getLogger(__name__)

Answers = Sequence[tuple[Entry, Result, Verdict | None]]
Noted = Sequence[tuple[Answers, datetime]]
"""Answers, and when they were had."""


class Slate:
    """Answers that wait to be written with what comes next.

    Of a write whose outcome was not heard, as when the connection is cut at its commit, only what it had not made is
    made again: nothing is told twice.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self._in_doubt = False
        self.noted: list[tuple[Answers, datetime]] = []

    def note(self, answers: Answers, at: datetime) -> None:
        self.noted.append((answers, at))

    @contextmanager
    def wiped(self) -> Iterator[None]:
        """Around a whole write: what was noted is written when it succeeds."""
        try:
            yield
        except DatabaseOut:
            self._in_doubt = True
            raise
        self._in_doubt = False
        self.noted.clear()

    def write_noted(self, session: Session) -> None:
        for answers, at in self.noted:
            self.write(session, answers, now=at)

    def write(self, session: Session, answers: Answers, *, now: datetime) -> None:
        if self._in_doubt:
            unanswered = {entry.call.id for entry in calls.unanswered(session, self._task.id)}
            answers = [answer for answer in answers if answer[0].call.id in unanswered]
        _write(session, self._task, answers, now=now)


def insist(put: Callable[[], None], *, running: Running, bell: Bell) -> None:
    """What is known is not given up while the process lives: only another's claim may void it."""
    while True:
        try:
            return put()
        except DatabaseOut as out:
            if running.is_parking:
                raise
            logger.warning("what came back is kept until the database answers: %s", out)
            bell.wait(bell.wait(-1, 0), _BETWEEN_TRIES)


def onto(entries: Iterable[Entry], answers: Answers) -> list[Entry]:
    """The calls as they stand with these answers."""
    given = {entry.call.id: result for entry, result, _ in answers}
    return [calls.answered(entry, given.get(entry.call.id)) for entry in entries]


def onto_noted(entries: Sequence[Entry], noted: Noted) -> list[Entry]:
    return onto(entries, [answer for answers, _ in noted for answer in answers])


def may_wait(answers: Answers) -> bool:
    """Nobody sees these but the model: nothing was made, handed over or planned."""
    return all(
        result.receipt is None and result.deliverable is None and result.plan is None
        for _, result, _ in answers
    )


def _write(session: Session, task: Task, answers: Answers, *, now: datetime) -> None:
    """The results, the news of them, and what they change in the task."""
    for entry, result, verdict in answers:
        calls.answer(session, task.id, entry.call.id, result, now=now, verdict=verdict)
        told = wording.told(entry, verdict) | {"ok": not result.is_error}
        proof = evidence.of_answer(session, task, entry, result)
        news.tell(session, task.id, task.place, News.CALLED, now=now, data=told, proof=proof)
        upshot.of_result(session, task, entry, result, now=now)
