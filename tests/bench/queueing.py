"""From a task that stands in the queue to the worker that begins with it."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.bench import bare_queue, double, fleet, postgres
from tests.bench.aside import Aside
from tests.bench.crew import GRANTED, OURS, granted, hired
from tests.bench.figure import Figure, of_runs, percentile
from tests.bench.ours import ADVANCE

PACE = 0.1
ELSEWHERE = "PostgreSQL, another process"
HERE = "SQLite, the same process"


def measure(*, quick: bool) -> list[Figure]:
    """One task after the other into an idle queue. The floor is a row, a NOTIFY and one conditional update.

    LangGraph's library has no queue (its server, which is not in the package, has one): nothing stands beside.
    """
    tasks, rounds = (10, 1) if quick else (100, 3)
    found: dict[str, list[list[float]]] = {"ours.sqlite": [], "ours.postgres": [], "floor.postgres": []}
    with tempfile.TemporaryDirectory() as named, postgres.databases() as empty:
        place = Path(named)
        notes = granted(place) / "notes.md"
        with double.serving("reading", path=str(notes), turns=1) as url:
            for number in range(rounds):
                home = place / str(number)
                folder = place / GRANTED
                with hired(OURS, home, url, folder=folder, workers=8) as both:
                    found["ours.sqlite"].append(_waits(both, both, tasks))
                store = empty()
                with (
                    Aside(fleet.Worker, folder, home, url, store, 8) as worker,
                    Aside(fleet.Front, folder, home, url, store) as front,
                ):
                    found["ours.postgres"].append(_waits(front, worker, tasks))
                store = empty()
                with Aside(bare_queue.Worker, store) as worker, Aside(bare_queue.Front, store) as front:
                    found["floor.postgres"].append(_waits(front, worker, tasks))
    return [figure for name, waits in found.items() for figure in _figures(name, waits)]


def _figures(name: str, waits: list[list[float]]) -> list[Figure]:
    who = "the durable floor" if name.startswith("floor") else "Cowork"
    where = HERE if name.endswith("sqlite") else ELSEWHERE
    return [
        of_runs(
            f"queue.{name}.p{percent}",
            f"Queue to start, p{percent}, {where}: {who}",
            [percentile(one, percent / 100) for one in waits],
            unit="ms",
        )
        for percent in (50, 99)
    ]


def _waits(front: Aside, worker: Aside, tasks: int) -> list[float]:
    """Milliseconds. The first is not counted."""
    worker.ask("watch", ADVANCE)
    waits = []
    for number in range(tasks + 1):
        put = front.ask("put", f"task-{number}")
        waits.append((worker.ask("next") - put) * 1000)
        time.sleep(PACE)
    return waits[1:]
