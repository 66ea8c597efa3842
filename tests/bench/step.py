"""Overhead per durable step, against the bare SDK loop that commits once per step, and beside LangGraph."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench import double
from tests.bench.crew import ALL, DELTA, FLOOR, GRAPH, OURS, Crew, compared, crew, granted
from tests.bench.figure import Figure

RATIOS = {(OURS, FLOOR): 1.5, (GRAPH, FLOOR): None, (DELTA, FLOOR): None, (OURS, GRAPH): 1.0}


def measure(*, quick: bool) -> list[Figure]:
    """Each step is one turn of the model and one small read; all do the same steps, one after the other, in turns."""
    steps, rounds = (20, 3) if quick else (60, 9)
    with tempfile.TemporaryDirectory() as named:
        place = Path(named)
        notes = granted(place) / "notes.md"
        with (
            double.serving("reading", path=str(notes), turns=steps) as url,
            crew(place, url, ALL) as sides,
        ):
            timed = [_round(number, sides, steps) for number in range(rounds + 1)][1:]
    measured = {who: [one[who] for one in timed] for who in timed[0]}
    return compared("step", f"One durable step of {steps}", measured, unit="ms", ratios=RATIOS)


def _round(number: int, sides: Crew, steps: int) -> dict[str, float]:
    """Milliseconds per step of each; every round another one begins. The first round warms up and is not counted."""
    names = list(sides)
    shifted = names[number % len(names) :] + names[: number % len(names)]
    took = {who: sides[who].ask("run", f"task-{number}") for who in shifted}
    return {who: took[who] / steps * 1000 for who in names}
