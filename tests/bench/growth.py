"""How the cost of a task grows: what its turns send to the model, what a prefix cache serves of it, what is kept."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.rehearsal.server import ModelDouble
from tests.bench import double
from tests.bench.crew import GRAPH, LABELS, MARKED, OURS, granted, hired, present
from tests.bench.figure import Figure, of_runs

KILO = 1024
LINES = 60
SERVED = 98.0
READ, WRITTEN_5M, WRITTEN_1H = 0.1, 1.25, 2.0


def measure(*, quick: bool) -> list[Figure]:
    """Counted, not timed, at the strict double, which simulates the cache; one run is enough."""
    figures = []
    for steps in (10,) if quick else (10, 50, 200):
        for who in present((OURS, GRAPH, MARKED)):
            figures += _figures(_counted(who, steps), who, steps)
    return figures


@dataclass(frozen=True, kw_only=True)
class _Count:
    """Bytes sent in all and in the last request, tokens as the API counts them, bytes kept on disk."""

    sent: int
    last: int
    served: float
    price: float
    tokens: dict[str, int]
    kept: int


def _counted(who: str, steps: int) -> _Count:
    with tempfile.TemporaryDirectory() as named:
        place = Path(named)
        notes = granted(place) / "notes.md"
        notes.write_text("\n".join(f"{line}. Ana orders paper, and Ben reports." for line in range(LINES)))
        with ModelDouble(double.reading(str(notes), steps)) as model:
            with hired(who, place, model.url) as side:
                side.ask("run", "task")
            assert model.invalid == [], model.invalid
            return _count(model, sum(file.stat().st_size for file in (place / who).rglob("*.sqlite*")))


def _count(model: ModelDouble, kept: int) -> _Count:
    bodies = [int(headers["content-length"]) for headers in model.headers]
    used = [answer["usage"] for answer in model.answers]
    read = [one["cache_read_input_tokens"] for one in used]
    written = [one["cache_creation"] for one in used if "cache_creation" in one]
    short = sum(one["ephemeral_5m_input_tokens"] for one in written)
    long = sum(one["ephemeral_1h_input_tokens"] for one in written)
    plain = sum(one["input_tokens"] for one in used)
    whole = [
        one["input_tokens"] + one["cache_creation_input_tokens"] + one["cache_read_input_tokens"]
        for one in used
    ]
    return _Count(
        sent=sum(bodies),
        last=bodies[-1],
        served=100 * sum(read) / sum(whole[:-1]),
        price=plain + READ * sum(read) + WRITTEN_5M * short + WRITTEN_1H * long,
        tokens={"read": sum(read), "written for 5 min": short, "written for 1 h": long, "plain": plain},
        kept=kept,
    )


def _figures(count: _Count, who: str, steps: int) -> list[Figure]:
    said = f"{steps} steps: {LABELS[who]}"
    ours = who == OURS
    tokens = count.tokens | {"measure": "four characters a token"}
    return [
        of_runs(f"growth.sent.{steps}.{who}", f"Sent to the model, {said}", [count.sent / KILO], unit="KB"),
        of_runs(
            f"growth.served.{steps}.{who}",
            f"Resent tokens that a prefix cache serves, {said}",
            [count.served],
            unit="%",
            aim=SERVED if ours else None,
            is_at_least=True,
            detail=tokens,
        ),
        of_runs(
            f"growth.price.{steps}.{who}",
            f"Price of what was sent, in thousands of plain input tokens, {said}",
            [count.price / 1000],
            unit="k",
        ),
        of_runs(f"growth.kept.{steps}.{who}", f"Kept on disk, {said}", [count.kept / KILO], unit="KB"),
    ]
