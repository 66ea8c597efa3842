"""From SIGKILL of the process that works on a task to the task's next turn, in a new process."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.bench import double, fleet, postgres
from tests.bench.aside import Aside
from tests.bench.crew import FLOOR, GRANTED, GRAPH, OURS, compared, granted, hired, present
from tests.bench.figure import Figure, of_runs
from tests.bench.ours import TURN

TURN_SECONDS = 0.05
WORKED = 1.0
ELSEWHERE = 35.0
WHO = (OURS, FLOOR, GRAPH)


def measure(*, quick: bool) -> list[Figure]:
    """A new process is started right after the kill: its start is most of what is measured.

    On another worker it is the lease that has to run out. LangGraph's library has no workers: nothing stands beside.
    """
    rounds = 2 if quick else 9
    with tempfile.TemporaryDirectory() as named:
        place = Path(named)
        notes = granted(place) / "notes.md"
        with double.serving("reading", path=str(notes), delay=TURN_SECONDS) as url:
            back = [_round(place, url, number) for number in range(rounds + 1)][1:]
            with postgres.databases() as empty:
                elsewhere = [_elsewhere(place, url, empty(), number) for number in range(1 if quick else 3)]
    measured = {who: [one[who] for one in back] for who in back[0]}
    return [
        *compared("recovery.restart", "SIGKILL to the next turn, restarted, SQLite", measured, unit="s"),
        of_runs(
            "recovery.elsewhere",
            "SIGKILL to the next turn, on another worker, PostgreSQL: Cowork",
            elsewhere,
            unit="s",
            aim=ELSEWHERE,
        ),
    ]


def _round(place: Path, url: str, number: int) -> dict[str, float]:
    return {who: _recovered(who, place / str(number), url, place / GRANTED) for who in present(WHO)}


def _recovered(who: str, home: Path, url: str, folder: Path) -> float:
    """Seconds."""
    worker = hired(who, home, url, folder=folder)
    worker.tell("run", "task")
    time.sleep(WORKED)
    worker.kill()
    killed = time.monotonic()
    with hired(who, home, url, folder=folder) as other:
        return float(other.ask("first_turn", "task")) - killed


def _elsewhere(place: Path, url: str, store: str, number: int) -> float:
    """Seconds."""
    given = (place / GRANTED, place / f"fleet-{number}", url, store)
    with Aside(fleet.Front, *given) as front, Aside(fleet.Worker, *given) as dying:
        dying.ask("watch", TURN)
        front.ask("put", "task")
        dying.ask("next")
        with Aside(fleet.Worker, *given) as other:
            other.ask("watch", TURN)
            dying.kill()
            killed = time.monotonic()
            return float(other.ask("next")) - killed
