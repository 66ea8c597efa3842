"""A pool of threads: each claims a task that is ready and advances it. A task that waits holds no thread."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from bot.domain.clock import Clock
from bot.domain.task import Task
from bot.engine.bell import Bell
from bot.engine.running import Running
from bot.store import leases, tasks
from bot.store.database import Database, Session
from bot.store.tasks import Limits

_POLL = 1.0

logger = logging.getLogger(__name__)


def _nothing(_: Session, task: Task) -> None:
    """No budget is shared."""


class WorkerPool:
    """`reserve` holds a part of what is shared for a task that was claimed, in the same transaction.

    The embedded queue: ready rows are the queue, the bell says when to look, and a poll catches missed rings."""

    def __init__(
        self,
        database: Database,
        advance: Callable[[Task], None],
        *,
        clock: Clock,
        bell: Bell,
        running: Running,
        size: int,
        limits: Limits = Limits(),
        reserve: Callable[[Session, Task], None] = _nothing,
    ) -> None:
        self._database = database
        self._advance = advance
        self._clock = clock
        self._bell = bell
        self._running = running
        self._limits = limits
        self._reserve = reserve
        self._lookout = threading.Lock()
        self._seen = 0
        self._threads = [
            threading.Thread(
                target=self._work, args=(f"worker-{number}",), name=f"worker-{number}", daemon=True
            )
            for number in range(size)
        ]

    def start(self) -> None:
        """Tasks that a dead process was working on are queued again first."""
        with self._database.write("worker.start") as session:
            requeued = leases.take_all_back(session, now=self._clock())
        if requeued:
            logger.info("tasks that go on where they were: %d", len(requeued))
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 30.0) -> bool:
        """Park what is running. True when every thread ended in time (seconds)."""
        self._running.park()
        self._bell.ring()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, name: str) -> None:
        while not self._running.is_parking:
            try:
                task = self._next(name)
                if task is not None:
                    with self._running.at_work(task.id):
                        self._advance(task)
            except Exception:
                logger.exception("%s could not look for work", name)
                self._rest()

    def _next(self, name: str) -> Task | None:
        """A task, now this worker's. One idle worker looks out for all: a ring wakes one thread, not every one."""
        with self._lookout:
            while not self._running.is_parking:
                task = self._claimed(name)
                if task is not None:
                    return task
                self._seen = self._bell.wait(self._seen, _POLL)
        return None

    def _rest(self) -> None:
        with self._lookout:
            self._seen = self._bell.wait(self._seen, _POLL)

    def _claimed(self, name: str) -> Task | None:
        with self._database.read() as session:
            if not tasks.is_any_ready(session, now=self._clock()):
                return None
        with self._database.write("task.claim") as session:
            task = tasks.claim(session, owner=name, now=self._clock(), limits=self._limits)
            if task is not None:
                self._reserve(session, task)
        return task
