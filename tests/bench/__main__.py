"""The figures that the README states, measured: `uv run python -m tests.bench`.

Prints a table (figure, median, least and most of the runs, aim, met or not) and writes the same as JSON, with the
facts of the machine, to `tests/bench/results/latest.json`.

    uv run python -m tests.bench                   all figures, about four minutes
    uv run python -m tests.bench --quick           fewer runs and smaller sizes, about one minute
    uv run python -m tests.bench --only step       one of: ack, step, waiting, start, size (may be repeated)
    uv run python -m tests.bench --json PATH       write the JSON elsewhere

| name    | figure                                                                                   | aim      |
|---------|------------------------------------------------------------------------------------------|----------|
| ack     | `/cowork` sent to its acknowledgement, while 20 tasks run, in the local Slack's own log   | < 150 ms |
| step    | a durable step, as a ratio to the bare SDK loop with one commit per step                  | ≤ 2 ×    |
| waiting | memory of the engine's process per task that waits for a person                           | ≤ 20 KB  |
| start   | `cowork up` in an empty home, until it says that it is ready                              | < 3 s    |
| size    | what a task of 40 steps sends to the model, and the share that a prefix cache would serve |          |

Nothing here is a test: no time is asserted, and a busy machine gives other figures. What is compared is measured in
one run, side by side, and each figure is the median of its runs. The model is the double of `bot.rehearsal`, in a
process of its own; SQLite runs with `synchronous=FULL` on the disk of the temporary folder (TMPDIR).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench import ack, size, start, step, waiting
from tests.bench.figure import Figure, machine

Measure = Callable[..., list[Figure]]

MEASURES: dict[str, Measure] = {
    "step": step.measure,
    "waiting": waiting.measure,
    "start": start.measure,
    "size": size.measure,
    "ack": ack.measure,
}
WIDTH = 130
RESULTS = Path(__file__).parent / "results" / "latest.json"


def main(arguments: list[str]) -> int:
    """Exit code 1 when a figure could not be measured; a missed aim is a figure like any other."""
    asked = _parsed(arguments)
    out, facts = _console(), machine()
    figures: list[Figure] = []
    failed: dict[str, str] = {}
    for name in asked.only or MEASURES:
        began = time.monotonic()
        out.print(f"measuring {name} …", style="dim")
        try:
            figures += MEASURES[name](quick=asked.quick)
        except Exception as error:  # noqa: BLE001 - one figure that cannot be measured does not hide the others
            failed[name] = f"{type(error).__name__}: {error}"
            out.print(f"{name} could not be measured: {failed[name]}", style="red", markup=False)
        out.print(f"  {time.monotonic() - began:.0f} s", style="dim")
    out.print(_table(figures))
    _write(asked.json, {"machine": facts, "quick": asked.quick, "failed": failed}, figures)
    out.print(f"Written to {asked.json}", markup=False, soft_wrap=True)
    return 1 if failed else 0


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Measure the figures of the README."
    )
    parser.add_argument("--quick", action="store_true", help="fewer runs and smaller sizes")
    parser.add_argument(
        "--only", action="append", choices=list(MEASURES), metavar="NAME", help=", ".join(MEASURES)
    )
    parser.add_argument(
        "--json", type=Path, default=RESULTS, metavar="PATH", help="where the figures are written"
    )
    return parser.parse_args(arguments)


def _console() -> Console:
    """Wide enough for the table where nothing tells the width, such as in a log."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)


def _table(figures: list[Figure]) -> Table:
    table = Table("figure", "what", "median", "min to max", "runs", "aim", "met")
    for one in figures:
        spread = "" if one.runs == 1 else f"{_number(one.low)} to {_number(one.high)}"
        aim = "" if one.aim is None else f"{_number(one.aim)} {one.unit}"
        met = {True: "yes", False: "no", None: ""}[one.is_met]
        table.add_row(one.name, one.what, f"{_number(one.value)} {one.unit}", spread, str(one.runs), aim, met)
    return table


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _write(path: Path, facts: dict[str, Any], figures: list[Figure]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(one) | {"met": one.is_met} for one in figures]
    written = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **facts, "figures": rows}
    path.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
