"""The size of things: what a task of forty steps sends to the model, and how much of it a prefix cache would serve."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.domain.task import TaskState
from bot.rehearsal.server import ModelDouble
from tests.bench import double
from tests.bench.engine import engine
from tests.bench.figure import Figure, of_runs

STEPS = 40
KILO = 1024
LINES = 60


def measure(*, quick: bool) -> list[Figure]:
    """Counted, not timed, at the strict double, which simulates the cache; one run is enough."""
    del quick
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "granted")
        folder.mkdir()
        notes = folder / "notes.md"
        notes.write_text("\n".join(f"{line}. Ana orders paper, and Ben reports." for line in range(LINES)))
        with ModelDouble(double.reading(str(notes), STEPS)) as model:
            ours = engine(Path(place, "home"), folder=folder, url=model.url)
            task = ours.claim(ours.start("size"))
            ours.executor.advance(task)
            ended = ours.record.snapshot(task.id).task
            ours.close()
            assert (ended.state, model.invalid) == (TaskState.DONE, []), ended.note
    return _figures(model)


def _figures(model: ModelDouble) -> list[Figure]:
    bodies = [int(headers["content-length"]) for headers in model.headers]
    used = [answer["usage"] for answer in model.answers]
    read = sum(one["cache_read_input_tokens"] for one in used)
    written = sum(one["cache_creation_input_tokens"] for one in used)
    plain = sum(one["input_tokens"] for one in used)
    share = 100 * read / (read + written + plain)
    sent, last = sum(bodies) / KILO, bodies[-1] / KILO
    tokens = {"read": read, "written": written, "plain": plain, "measure": "four characters a token"}
    return [
        of_runs("size.sent", f"Sent to the model in {len(bodies)} turns", [sent], unit="KB"),
        of_runs("size.last", "The last request of them", [last], unit="KB"),
        of_runs(
            "size.cached", "Share of its tokens that a prefix cache serves", [share], unit="%", detail=tokens
        ),
    ]
