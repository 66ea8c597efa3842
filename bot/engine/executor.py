"""Advance one claimed task until it finishes, waits, pauses or is stopped, and write down what it became."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot import crossing, log
from bot.agent import loop, undoing
from bot.agent.endings import Ending, Finished
from bot.domain.budget import Used
from bot.domain.clock import Clock
from bot.domain.event import News
from bot.domain.grant import clearly_near
from bot.domain.task import Task, TaskState
from bot.engine import news, signing_in, stopping
from bot.engine.became import Became, of_crashes, of_ending, of_fault, of_trouble
from bot.engine.bell import Bell
from bot.engine.bench import Bench
from bot.errors import CoworkError, DatabaseOut, LeaseLost, Resting, Unavailable
from bot.model.errors import BrokenAnswer
from bot.store import budgets, events, fences, spending, tasks
from bot.store.database import Database, Session, veiled
from bot.store.outbox import PostKind

_FIRST_WAIT = 5.0
_LONGEST_WAIT = 600.0
_MOST_OUTAGES = 12
_MOST_BROKEN = 2
_MOST_CRASHES = 5
_BETWEEN_RELEASES = 1.0
_LONGEST_LOOK = 120.0
_GOLDEN = 0.6180339887498949  # its multiples spread evenly, however many tasks there are

logger = logging.getLogger(__name__)


class Executor:
    """`bench` lays out what a task works with: its journal, its model, its tools."""

    def __init__(
        self,
        database: Database,
        *,
        bench: Callable[[Task], Bench],
        clock: Clock,
        bell: Bell,
        is_parking: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._bench = bench
        self._clock = clock
        self._bell = bell
        self._is_parking = is_parking

    def advance(self, task: Task) -> None:
        """Never raises for what went wrong with the task: that is written into it, however long that takes."""
        with log.about(task=task.id), crossing.watched("task.advance"):
            self._advance(task)

    def _advance(self, task: Task) -> None:
        became = self._became(task)
        while became is not None:
            try:
                self._release(task, became)
                return
            except LeaseLost:
                logger.info("task %s ended as %s, but it is another worker's", task.id, became.state)
                return
            except DatabaseOut as out:
                if self._is_parking():
                    return
                logger.warning("task %s ended as %s, but %s; trying again", task.id, became.state, out)
                self._bell.wait(self._bell.wait(-1, 0), _BETWEEN_RELEASES)
            except Exception:
                if self._is_parking():
                    return
                logger.exception("task %s ended as %s, which could not be written", task.id, became.state)
                became = of_fault(task)
                self._bell.wait(self._bell.wait(-1, 0), _BETWEEN_RELEASES)

    def _became(self, task: Task) -> Became | None:
        """None when the task is another worker's."""
        if task.crashes >= _MOST_CRASHES:
            return of_crashes(task)
        lap: Callable[[], int] = int
        try:
            bench = self._bench(task)
            lap = bench.journal.purse.lap
            became = of_ending(_worked(task, bench))
        except LeaseLost:
            logger.info("task %s was let go: it is another worker's", task.id)
            return None
        except CoworkError as trouble:
            became = of_trouble(task, trouble)
        except Exception:
            became = of_fault(task)
            logger.exception("task %s failed; reference %s", task.id, became.reference)
        return replace(became, worked=lap())

    def _release(self, task: Task, became: Became) -> None:
        now = self._clock()
        with self._database.write("task.release") as session:
            waits_for = became.outage.service if became.outage else became.waits_for
            fences.fence(session, task, waits_for=waits_for)
            spending.add_worked(session, task.id, became.worked)
            if became.spent is not None:
                spending.add_usage(session, task.id, became.spent)
            if became.outage is not None:
                became = self._rested(session, task, became, became.outage, now)
            if became.sign_in is not None:
                became = signing_in.asked(session, task, became, became.sign_in, now=now)
            state = tasks.release(
                session,
                task,
                became.state,
                now=now,
                note=became.note,
                reference=became.reference,
                answer=veiled(session, became.answer),
                not_before=became.again_at,
            )
            _tell(session, task, became, now, is_released=state is became.state)
            used = Used(worked=became.worked)
            if became.spent is not None:
                used = spending.used_by(became.spent, worked=became.worked)
            budgets.release(session, task.id, used=used)
        self._bell.ring()

    def _rested(
        self, session: Session, task: Task, became: Became, outage: Unavailable, now: datetime
    ) -> Became:
        """A service is out: wait longer each time, up to about an hour in all, then leave it to a person.

        A task that found it let alone has not tried. It looks again in a while, each at another moment; as a rule
        it is called sooner, when the service answers.
        """
        if isinstance(outage, Resting):
            wait = (outage.retry_after or 0) + _LONGEST_LOOK * (task.id * _GOLDEN % 1)
            return _again_in(became, wait, now)
        failures = spending.count_failure(session, task.id)
        most = _MOST_BROKEN if isinstance(outage, BrokenAnswer) else _MOST_OUTAGES
        if failures > most:
            return replace(became, note=f"{became.note} I stopped trying; Retry tries now.")
        wait = max(outage.retry_after or 0, min(_FIRST_WAIT * 2 ** (failures - 1), _LONGEST_WAIT))
        return _again_in(became, wait, now)


def _worked(task: Task, bench: Bench) -> Ending:
    """To the end of this stretch. A task that says it is done is sent back when what was asked for is not there.

    An Undo comes first, and by itself: what it takes away is not missing.
    """
    if bench.undo is not None:
        return undoing.advance(
            bench.undo, bench.journal, bench.undoer, lambda text: clearly_near(text, task.folders)
        )
    while True:
        ending = loop.advance(bench.journal, bench.model, bench.toolbox)
        if not isinstance(ending, Finished) or bench.inspection.is_passed():
            return ending


def _again_in(became: Became, seconds: float, now: datetime) -> Became:
    note = f"{became.note} I will try again by myself; Retry tries now."
    return replace(became, note=note, again_at=now + timedelta(seconds=seconds))


_NEWS = {
    TaskState.DONE: News.DONE,
    TaskState.PAUSED: News.PAUSED,
    TaskState.STOPPED: News.STOPPED,
    TaskState.FAILED: News.FAILED,
}


def _tell(session: Session, task: Task, became: Became, now: datetime, *, is_released: bool) -> None:
    """The news is told even when someone spoke meanwhile; the report is left to the end of what they asked for."""
    what = _NEWS.get(became.state)
    if what is None or _is_told(session, task, became):
        return
    data = {"note": became.note, "reference": became.reference, **news.of_round(task)}
    news.tell(session, task.id, task.place, what, now=now, data=data)
    if is_released and became.state.is_over:
        news.want(session, PostKind.RESULT, task.id, task.place, str(task.round), now=now)
    if is_released and became.state is TaskState.STOPPED:
        stopping.go_on(session, task, now)


def _is_told(session: Session, task: Task, became: Became) -> bool:
    """It paused for this before, looked again without a try, and nothing happened in between."""
    return isinstance(became.outage, Resting) and events.last_of(session, task.id, tuple(News)) is News.PAUSED
