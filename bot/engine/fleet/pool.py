"""The workers of one process in a fleet: a hint wakes one, which claims a task and goes on while there are any."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot.domain.clock import Clock
from bot.domain.task import Task
from bot.engine.fleet import hints
from bot.engine.running import Running
from bot.errors import DatabaseOut
from bot.store import tasks
from bot.store.database import Database, Session, made_ready
from bot.store.tasks import Limits

_AGAIN = 2.0
_LONGEST_GOODBYE = 5.0

logger = logging.getLogger(__name__)


class FleetPool:
    """`owner` is this process, `lease` the seconds that it holds a task without saying so again."""

    def __init__(
        self,
        database: Database,
        advance: Callable[[Task], None],
        *,
        clock: Clock,
        running: Running,
        size: int,
        owner: str,
        lease: float,
        limits: Limits,
        reserve: Callable[[Session, Task], None],
    ) -> None:
        self._database = database
        self._advance = advance
        self._clock = clock
        self._running = running
        self._size = size
        self._owner = owner
        self._lease = timedelta(seconds=lease)
        self._limits = limits
        self._reserve = reserve
        self._workers = ThreadPoolExecutor(size, thread_name_prefix="worker")
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listening: asyncio.Task[None] | None = None
        self._ending = threading.Event()
        self._busy = 0
        self._idle = threading.Condition()

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 60.0) -> bool:
        """Park what is running; what writes is finished. True when every worker ended in time (seconds).

        First of all no more hints are taken: those of what is parked now are for others.
        """
        self._ending.set()
        self._stop_listening()
        self._running.park()
        with self._idle:
            is_idle = self._idle.wait_for(lambda: not self._busy, timeout)
        if self._thread.is_alive():
            self._thread.join(_LONGEST_GOODBYE)
        return is_idle

    def _stop_listening(self) -> None:
        """Not while it connects: a cancellation in the middle of that is swallowed, and it would never end."""
        if self._loop is not None and self._listening is not None and not self._loop.is_closed():
            with contextlib.suppress(RuntimeError):  # closed just now
                self._loop.call_soon_threadsafe(self._listening.cancel)

    def _run(self) -> None:
        """Procrastinate gives up after a long outage of the database; we do not."""
        while not self._ending.is_set():
            try:
                asyncio.run(self._listen())
            except asyncio.CancelledError:
                return
            except Exception:
                logger.exception("hints cannot be heard; trying again")
                self._ending.wait(_AGAIN)

    async def _listen(self) -> None:
        self._loop = asyncio.get_running_loop()
        app = hints.heard_by(self._database.url, self._hinted)
        async with app.open_async():
            self._listening = asyncio.current_task()
            if self._ending.is_set():
                return
            await app.run_worker_async(**hints.options(self._size))

    async def _hinted(self, task_id: int) -> None:
        """The workers are the pool's own: this loop may end and begin anew while they are at work."""
        await asyncio.get_running_loop().run_in_executor(self._workers, self._work, task_id)

    def _work(self, task_id: int) -> None:
        """The hinted task if it is still ready, then whatever is; a limit that was in the way may be gone."""
        with self._idle:
            self._busy += 1
        try:
            first: int | None = task_id
            while not self._running.is_parking and (task := self._claimed(first)) is not None:
                with self._running.at_work(task.id):
                    self._advance(task)
                first = None
            if first is not None and self._running.is_parking:
                self._pass_on(first)
        except DatabaseOut as out:
            logger.warning("a hint of task %s could not be followed: %s", task_id, out)
        except Exception:
            logger.exception("a hint of task %s could not be followed", task_id)
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def _pass_on(self, task_id: int) -> None:
        """Taken in the last moment: somebody else is to hear of it."""
        with self._database.write("task.pass_on") as session:
            made_ready(session, task_id)

    def _claimed(self, first: int | None) -> Task | None:
        now = self._clock()
        with self._database.read() as session:
            if not tasks.is_any_ready(session, now=now):
                return None
        with self._database.write("task.claim") as session:
            task = tasks.claim(
                session,
                owner=self._owner,
                now=now,
                first=first,
                lease_until=now + self._lease,
                limits=self._limits,
            )
            if task is not None:
                self._reserve(session, task)
        return task
