"""The sweep: tasks of dead processes are taken back, what nobody took is hinted at again, people are reminded."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.clock import Clock
from bot.engine import stopping
from bot.engine.fleet.hints import Hints
from bot.engine.overdue import Overdue
from bot.engine.retention import Retention
from bot.errors import DatabaseOut
from bot.store import leases
from bot.store.database import Database, made_ready

_WAITED = timedelta(seconds=5)
_MOST = 100
_SKIPPED = 3

logger = logging.getLogger(__name__)


class Sweep:
    """`lease` and `every` in seconds. While hints are still waiting for a free worker, no more are given.

    After a pause of our own (an outage of the database, a stalled machine) nothing is taken back for a lease and
    two beats, so that the living say so first (notes/engine.md §3.4).
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        elapsed: Callable[[], float],
        lease: float,
        every: float,
        hints: Hints,
        overdue: Overdue,
        retention: Retention | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._elapsed = elapsed
        self._patience = lease + 2 * every
        self._gap = _SKIPPED * every
        self._hints = hints
        self._overdue = overdue
        self._retention = retention
        self._last = math.inf
        self._quiet_until = 0.0

    def beaten(self) -> None:
        """Our heart beats, whether or not the sweeping is ours: a gap since the last time is an outage of ours."""
        at = self._elapsed()
        if at - self._last > self._gap:
            self._quiet_until = at + self._patience
        self._last = at

    def once(self) -> None:
        at, now = self._elapsed(), self._clock()
        with self._database.write("fleet.sweep") as session:
            taken = [] if at < self._quiet_until else leases.take_back(session, now=now)
            self._hints.forget_dead(session)
            if not self._hints.are_waiting(session):
                for task_id in leases.ready_since(session, now=now, before=now - _WAITED, limit=_MOST):
                    made_ready(session, task_id)
        if taken:
            logger.warning("the processes of tasks %s are gone; the tasks go on elsewhere", taken)
        self._end_left_behind(now)
        self._overdue.once(self._database)
        if self._retention is not None:
            self._retention.once(self._database)

    def _end_left_behind(self, now: datetime) -> None:
        """Each in a unit of its own: one that cannot be ended holds up no other."""
        with self._database.read() as session:
            found = stopping.left_behind(session)
        for task_id in found:
            try:
                with self._database.write("fleet.end") as session:
                    is_ended = stopping.end_left_behind(session, task_id, now)
            except DatabaseOut:
                raise
            except Exception:
                logger.exception("task %s was to be stopped, and could not be ended", task_id)
                continue
            if is_ended:
                logger.warning("task %s was to be stopped, and its process is gone: it ended", task_id)
