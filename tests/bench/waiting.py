"""Memory per waiting task: what the process that holds the engine grows by for each task parked at a checkpoint."""

from __future__ import annotations

import gc
import multiprocessing
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from bot.domain.task import TaskState
from bot.store import tasks
from tests.bench import double
from tests.bench.engine import Engine, engine
from tests.bench.figure import Figure, of_runs

AIM = 20.0
WARM_UP = 10
PATIENCE = 600.0


def measure(*, quick: bool) -> list[Figure]:
    """A fresh process per size; each parks ten tasks before it counts: what every engine needs is not counted."""
    sizes, runs = ((10, 100), 1) if quick else ((10, 100, 1000), 3)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "granted")
        with double.serving("asking", path=str(folder)) as url:
            grown = {
                size: [_grown(Path(place, f"{size}-{run}"), folder, url, size) for run in range(runs)]
                for size in sizes
            }
    return [
        *(_growth(size, values) for size, values in grown.items()),
        _slope(grown[min(sizes)], grown[max(sizes)], min(sizes), max(sizes)),
    ]


def _growth(size: int, grown: list[float]) -> Figure:
    what = f"Growth of the process with {size:,} tasks waiting"
    return of_runs(f"waiting.{size}", what, grown, unit="KB")


def _slope(least: list[float], most: list[float], few: int, many: int) -> Figure:
    per_task = [(larger - smaller) / (many - few) for smaller, larger in zip(least, most, strict=True)]
    what = f"Memory per waiting task (slope {few} to {many:,})"
    return of_runs("waiting.per_task", what, per_task, unit="KB", aim=AIM)


def _grown(home: Path, folder: Path, url: str, size: int) -> float:
    """Kilobytes."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_hold, args=(theirs, home, folder, url, size), daemon=True
    )
    process.start()
    theirs.close()
    grown: float = ours.recv()
    process.join(30)
    return grown


def _hold(line: Connection, home: Path, folder: Path, url: str, size: int) -> None:
    held = engine(home, folder=folder, url=url)
    held.pool.start()
    _park(held, 0, WARM_UP)
    before = _resident()
    _park(held, WARM_UP, size)
    line.send((_resident() - before) / 1024)
    held.pool.stop()
    held.close()


def _park(held: Engine, already: int, size: int) -> None:
    """Start so many tasks, and wait until all of them wait."""
    for number in range(already, already + size):
        held.start(f"task-{number}")
    deadline = time.monotonic() + PATIENCE
    while _waiting(held) < already + size:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{_waiting(held)} of {already + size} tasks wait after {PATIENCE:.0f} s")
        time.sleep(0.02)


def _waiting(held: Engine) -> int:
    with held.database.read() as session:
        return tasks.count_by_state(session).get(TaskState.WAITING, 0)


def _resident() -> int:
    gc.collect()
    resident: int = psutil.Process().memory_info().rss
    return resident
