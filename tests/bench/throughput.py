"""Tasks of twenty steps with a model that answers at once, on PostgreSQL, by one, two and four worker processes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.bench import double, fleet, postgres
from tests.bench.aside import Aside
from tests.bench.crew import FLOOR, GRANTED, GRAPH, OURS, compared, granted, hired, present
from tests.bench.figure import Figure

STEPS = 20
EACH = 10
RATIOS = {(GRAPH, OURS): 1.0, (OURS, FLOOR): None, (GRAPH, FLOOR): None}


def measure(*, quick: bool) -> list[Figure]:
    """A worker is a process that does one task at a time. Ours are a fleet with its queue; the others are dealt theirs.

    Neither the floor nor LangGraph's library has a queue: dealing out costs them nothing, while ours take tasks in,
    hand out hints and claim. Every process keeps what it does on the same server, each side in its own database.
    """
    sizes, rounds, each = ((1, 2), 1, 3) if quick else ((1, 2, 4), 5, EACH)
    figures = []
    with tempfile.TemporaryDirectory() as named, postgres.databases() as empty:
        place = Path(named)
        notes = granted(place) / "notes.md"
        with double.serving("reading", path=str(notes), turns=STEPS) as url:
            for size in sizes:
                measured = _rounds(place / str(size), url, empty, size, each, rounds)
                what = f"Steps a second, tasks of {STEPS}, {size} worker{'s' if size > 1 else ''}, PostgreSQL"
                figures += compared(f"throughput.{size}", what, measured, unit="/s", ratios=RATIOS)
    return figures


def _rounds(
    place: Path, url: str, empty: Callable[[], str], size: int, each: int, rounds: int
) -> dict[str, list[float]]:
    folder = place.parent / GRANTED
    with ExitStack() as stack:
        dealt = {
            who: _workers(
                stack, lambda who=who, store=empty(): hired(who, place, url, folder=folder, store=store), size
            )
            for who in present((FLOOR, GRAPH))
        }
        ours = _fleet(stack, folder, place / OURS, url, empty(), size)
        found: dict[str, list[float]] = {who: [] for who in (OURS, *dealt)}
        for number in range(rounds + 1):
            tasks = [f"{number}-{task}" for task in range(each * size)]
            seconds = {OURS: ours.ask("run_all", tasks)} | {
                who: _seconds(workers, tasks) for who, workers in dealt.items()
            }
            for who, took in seconds.items():
                found[who] += [len(tasks) * STEPS / took] if number else []
    return found


def _workers(stack: ExitStack, hire: Callable[[], Aside], size: int) -> list[Aside]:
    return [stack.enter_context(hire()) for _ in range(size)]


def _fleet(stack: ExitStack, folder: Path, home: Path, url: str, store: str, size: int) -> Aside:
    """The front of so many workers."""
    front = stack.enter_context(Aside(fleet.Front, folder, home, url, store))
    _workers(stack, lambda: Aside(fleet.Worker, folder, home, url, store), size)
    return front


def _seconds(workers: list[Aside], tasks: list[str]) -> float:
    began = time.perf_counter()
    for number, worker in enumerate(workers):
        worker.tell("run_all", tasks[number :: len(workers)])
    for worker in workers:
        worker.heard()
    return time.perf_counter() - began
