"""What tasks that wait for a person cost: memory, the restart of the process that holds them, and the click itself."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench import double, start
from tests.bench.crew import FLOOR, GRAPH, LABELS, OURS, Crew, compared, crew, granted, hired, present
from tests.bench.figure import Figure, of_runs

WARM_UP = 10
WORKERS = 8
WHO = (OURS, FLOOR, GRAPH)
KB_EACH = 20.0
RESTART = 3.0
CLICK = 500.0


def measure(*, quick: bool) -> list[Figure]:
    """All park the same number of tasks; each restart is a new process, and its first click is on another task."""
    size, rounds = (200, 2) if quick else (10_000, 5)
    with tempfile.TemporaryDirectory() as named:
        place = Path(named)
        with double.serving("asking", path=str(granted(place))) as url:
            with crew(place, url, WHO, workers=WORKERS) as sides:
                grown = {who: _grown(who, sides, size) for who in sides}
            back = [_restarted(place, url, number, size) for number in range(rounds + 1)][1:]
        up = [start.seconds(home=place / OURS / "home", database=_database(place)) for _ in range(rounds)]
    with_them = f"with {size:,} tasks waiting"
    measured = {who: [one[who] for one in back] for who in back[0]}
    return [
        *(_memory(who, kilobytes, size) for who, kilobytes in grown.items()),
        *compared(
            "waiting.restart",
            f"New process {with_them}, until it takes a click",
            {who: [one.seconds for one in found] for who, found in measured.items()},
            unit="s",
            aim=RESTART,
        ),
        *compared(
            "waiting.click",
            "Its first click, to the first approved call",
            {who: [one.click for one in found] for who, found in measured.items()},
            unit="ms",
            aim=CLICK,
        ),
        *compared(
            "waiting.again",
            "Its next click, to the first approved call",
            {who: [one.again for one in found] for who, found in measured.items()},
            unit="ms",
            aim=CLICK,
        ),
        of_runs("waiting.up", f"`cowork up` {with_them}, until it is ready", up, unit="s", aim=RESTART),
    ]


def _memory(who: str, kilobytes: float, size: int) -> Figure:
    what = f"Memory per waiting task ({WARM_UP} to {size:,}), {LABELS[who]}"
    return of_runs(
        f"waiting.memory.{who}", what, [kilobytes], unit="KB", aim=KB_EACH if who == OURS else None
    )


def _grown(who: str, sides: Crew, size: int) -> float:
    """Kilobytes for each task after the first few: what every process needs is not counted."""
    side = sides[who]
    side.ask("park", _tasks(0, WARM_UP))
    before = side.ask("resident")
    side.ask("park", _tasks(WARM_UP, size))
    return float(side.ask("resident") - before) / (size - WARM_UP)


@dataclass(frozen=True, kw_only=True)
class _Restart:
    """Seconds until a new process takes a click; milliseconds of its first and its second."""

    seconds: float
    click: float
    again: float


def _restarted(place: Path, url: str, number: int, size: int) -> dict[str, _Restart]:
    found = {}
    for who in present(WHO):
        began = time.perf_counter()
        with hired(who, place, url, workers=WORKERS) as side:
            took = time.perf_counter() - began
            clicks = [side.ask("click", f"task-{size // 2 + 2 * number + more}") for more in (0, 1)]
        found[who] = _Restart(seconds=took, click=clicks[0], again=clicks[1])
    return found


def _database(place: Path) -> str:
    return f"sqlite:///{place / OURS / 'kept.sqlite'}"


def _tasks(first: int, behind: int) -> list[str]:
    return [f"task-{number}" for number in range(first, behind)]
