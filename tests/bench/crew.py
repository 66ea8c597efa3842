"""Those who are measured side by side, each in a process of its own: the colleague, the floor, and LangGraph."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bench import graph, work
from tests.bench.aside import Aside
from tests.bench.figure import Figure, of_runs
from tests.bench.floor import Floor
from tests.bench.graph import Graph
from tests.bench.ours import Ours

OURS, FLOOR, GRAPH, DELTA = "ours", "floor", "langgraph", "delta"
MARKED = "marked"
GRANTED = "granted"
ALL = (OURS, FLOOR, GRAPH, DELTA)
LABELS = {
    OURS: "Cowork",
    FLOOR: "the durable floor",
    GRAPH: "LangGraph",
    DELTA: "LangGraph with its DeltaChannel (beta)",
    MARKED: "LangGraph with cache marks",
}
WHAT_COUNTS = {(OURS, GRAPH): 1.0}

Crew = Mapping[str, Aside]


def present(names: Collection[str] = ALL) -> list[str]:
    """Without LangGraph where it is not installed."""
    return [name for name in names if name in (OURS, FLOOR) or graph.is_installed()]


def granted(place: Path) -> Path:
    """The folder that all of them work in, with the notes in it."""
    folder = place / GRANTED
    if not folder.exists():
        folder.mkdir()
        (folder / "notes.md").write_text(work.NOTES)
    return folder


@contextlib.contextmanager
def crew(place: Path, url: str, names: Collection[str] = ALL, *, workers: int = 0) -> Iterator[Crew]:
    """Each with a SQLite file of its own below `place`, the model at `url`."""
    with contextlib.ExitStack() as stack:
        yield {name: stack.enter_context(hired(name, place, url, workers=workers)) for name in present(names)}


def hired(
    name: str, place: Path, url: str, *, folder: Path | None = None, store: str = "", workers: int = 0
) -> Aside:
    """One of them, to work in `folder` (or the one below `place`).

    `store` is a `postgresql://` address; without it there is a SQLite file, found again by the same place.
    """
    own = place / name
    own.mkdir(parents=True, exist_ok=True)
    made: Callable[..., Any] = {OURS: Ours, FLOOR: Floor}.get(name, Graph)
    more: dict[str, tuple[Any, ...]] = {OURS: (workers,), DELTA: (True,), MARKED: (False, True)}
    where = store or str(own / "kept.sqlite")
    return Aside(made, folder or granted(place), own, url, where, *more.get(name, ()))


def compared(
    name: str,
    what: str,
    measured: Mapping[str, list[float]],
    *,
    unit: str,
    aim: float | None = None,
    ratios: Mapping[tuple[str, str], float | None] = WHAT_COUNTS,
) -> list[Figure]:
    """One figure for each of them, with the aim for ours, and the `ratios` of each round with their aims."""
    figures = [
        of_runs(
            f"{name}.{who}", f"{what}: {LABELS[who]}", values, unit=unit, aim=aim if who == OURS else None
        )
        for who, values in measured.items()
    ]
    for (over, under), limit in ratios.items():
        if over in measured and under in measured:
            values = [one / other for one, other in zip(measured[over], measured[under], strict=True)]
            said = f"{what}: {LABELS[over]}, as a ratio to {LABELS[under]}"
            figures.append(of_runs(f"{name}.{over}/{under}", said, values, unit="×", aim=limit))
    return figures
