"""Members of a fleet on PostgreSQL, as `cowork web` and `cowork worker` make them, but without Slack."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

from bot.app import Colleague, Workroom
from bot.domain.clock import SteadyClock
from bot.domain.task import TaskState
from bot.engine.fleet.member import Member
from bot.settings import Settings
from bot.store import overview
from bot.store.database import Database
from bot.store.moment import moment
from tests.bench.engine import ANA, GENERAL, settings
from tests.bench.ours import Seen, address
from tests.bench.work import GOAL

PATIENCE = 300.0


class Front:
    """Takes tasks and hands out hints, as a front does."""

    def __init__(self, folder: Path, home: Path, url: str, store: str) -> None:
        chosen = _settings(folder, home, url, store)
        database = Database(chosen.database)
        clock = SteadyClock(lambda: moment(database), look_every=math.inf)
        self._colleague = Colleague(chosen, clock=clock, database=database)
        self._member = Member(
            database,
            clock=clock,
            bell=self._colleague.bell,
            running=self._colleague.running,
            stay=lambda: None,
            lease=chosen.lease,
            overdue=self._colleague.overdue,
        )
        self._member.start()

    def put(self, task: str) -> float:
        """Queue one task; the moment (`time.monotonic`) at which it stood in the queue."""
        self._colleague.intake.start(ANA, GENERAL, GOAL, key=task)
        return time.monotonic()

    def run_all(self, tasks: list[str]) -> float:
        """Seconds from the first that is queued until all are done."""
        wanted = self._done() + len(tasks)
        began = time.perf_counter()
        for task in tasks:
            self.put(task)
        while self._done() < wanted:
            if time.perf_counter() - began > PATIENCE:
                raise TimeoutError(f"{self._done()} of {wanted} tasks are done")
            time.sleep(0.05)
        return time.perf_counter() - began

    def _done(self) -> int:
        with self._colleague.database.read() as session:
            return overview.count_by_state(session).get(TaskState.DONE, 0)


class Worker:
    """`size` tasks at once."""

    def __init__(self, folder: Path, home: Path, url: str, store: str, size: int = 1) -> None:
        self._room = Workroom(_settings(folder, home, url, store, COWORK_WORKERS=size))
        self._seen = Seen()
        self._room.start()

    def watch(self, point: str) -> None:
        self._seen.begin(point)

    def next(self) -> float:
        """The moment (`time.monotonic`) at which the point was reached again."""
        return self._seen.next()


def _settings(folder: Path, home: Path, url: str, store: str, **more: Any) -> Settings:
    return settings(
        home,
        folder,
        COWORK_DATABASE_URL=address(store),
        ANTHROPIC_BASE_URL=url,
        ANTHROPIC_API_KEY="bench",
        COWORK_MODEL_ENDPOINT="anthropic",
        COWORK_LOG_LEVEL="WARNING",
        **more,
    )
