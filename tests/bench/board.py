"""Runs what is asked for, prints the table, writes the JSON."""

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

from tests.bench import (
    ack,
    connector,
    definitions,
    finished,
    graph,
    growth,
    idle,
    queueing,
    recovery,
    start,
    step,
    throughput,
    waiting,
    watching,
)
from tests.bench.figure import Figure, machine

Measure = Callable[..., list[Figure]]

MEASURES: dict[str, Measure] = {
    "step": step.measure,
    "throughput": throughput.measure,
    "waiting": waiting.measure,
    "recovery": recovery.measure,
    "queue": queueing.measure,
    "growth": growth.measure,
    "start": start.measure,
    "ack": ack.measure,
    "definitions": definitions.measure,
    "connector": connector.measure,
    "idle": idle.measure,
    "watching": watching.measure,
    "finished": finished.measure,
}
WIDTH = 130
RESULTS = Path(__file__).parent / "results" / "latest.json"


def main(arguments: list[str]) -> int:
    """Exit code 1 when a figure could not be measured; a missed aim is a figure like any other."""
    asked = _parsed(arguments)
    out, facts = _console(), machine()
    if not graph.is_installed():
        out.print(graph.HOW_TO, style="yellow", markup=False)
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
        bound = "≥" if one.is_at_least else "≤"
        aim = "" if one.aim is None else f"{bound} {_number(one.aim)} {one.unit}"
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
