"""The colleague's engine as one who is measured: the same verbs as the floor and LangGraph have."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Iterator
from pathlib import Path

from bot import crossing
from bot.domain.approval import ApprovalState, Decision
from bot.domain.task import Task, TaskState
from tests.bench.engine import ANA, engine
from tests.bench.resident import resident
from tests.bench.shelf import POSTGRES

PATIENCE = 120.0
FIRST_OF_BATCH = "tool.make_folder"
TURN = "model.turn"
ADVANCE = "task.advance"


class Ours:
    """`store` is a path or a `postgresql://` address. `workers` threads work from the start; none for 0."""

    def __init__(self, folder: Path, place: Path, url: str, store: str, workers: int = 0) -> None:
        self._engine = engine(
            place / "home", folder=folder, url=url, database=address(store), workers=workers or 1
        )
        self._seen = Seen()
        if workers:
            self._engine.pool.start()

    def run(self, task: str) -> float:
        """Seconds to the end of a new task, on this thread."""
        claimed = self._engine.claim(self._engine.start(task))
        began = time.perf_counter()
        self._engine.executor.advance(claimed)
        took = time.perf_counter() - began
        self._check_done(claimed)
        return took

    def park(self, tasks: list[str]) -> None:
        """Start them, and wait until all of them wait for a person."""
        wanted = self._engine.count(TaskState.WAITING) + len(tasks)
        for task in tasks:
            self._engine.start(task)
        deadline = time.monotonic() + PATIENCE + len(tasks) * 0.1
        while self._engine.count(TaskState.WAITING) < wanted:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self._engine.count(TaskState.WAITING)} of {wanted} tasks wait")
            time.sleep(0.02)

    def click(self, task: str) -> float:
        """Milliseconds from the click on Approve to the first call that was approved."""
        approval = self._engine.record.pending(self._engine.start(task).id)
        assert approval is not None
        self._seen.begin(FIRST_OF_BATCH)
        began = time.monotonic()
        self._engine.intake.decide(ANA, approval.id, Decision(state=ApprovalState.APPROVED))
        return (self._seen.next() - began) * 1000

    def first_turn(self, task: str) -> float:
        """Go on with what a dead process left; the moment (`time.monotonic`) of the next turn's request."""
        del task
        self._seen.begin(TURN)
        self._engine.pool.start()
        return self._seen.next()

    def put(self, task: str) -> float:
        """Queue one task; the moment (`time.monotonic`) at which it stood in the queue."""
        self._engine.start(task)
        return time.monotonic()

    def watch(self, point: str) -> None:
        self._seen.begin(point)

    def next(self) -> float:
        """The moment (`time.monotonic`) at which the point was reached again."""
        return self._seen.next()

    def resident(self) -> float:
        return resident()

    def _check_done(self, task: Task) -> None:
        became = self._engine.record.snapshot(task.id).task
        assert became.state is TaskState.DONE, became.note


class Seen:
    """A watcher that notes when a point was reached."""

    def __init__(self) -> None:
        self._point = ""
        self._moments: queue.SimpleQueue[float] = queue.SimpleQueue()

    def begin(self, point: str) -> None:
        if not self._point:
            crossing.watch(self)
        self._point, self._moments = point, queue.SimpleQueue()

    def next(self) -> float:
        return self._moments.get(timeout=PATIENCE)

    def reached(self, point: str) -> None:
        if point == self._point:
            self._moments.put(time.monotonic())

    @contextlib.contextmanager
    def around(self, name: str) -> Iterator[None]:
        if name == ADVANCE:  # it has no point of its own: nothing outside is touched
            self.reached(name)
        yield


def address(store: str) -> str:
    if store.startswith(POSTGRES):
        return store.replace(POSTGRES, "postgresql+psycopg://", 1)
    return f"sqlite:///{store}"
