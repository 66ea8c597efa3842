"""What a benchmark hands back: one figure with its spread and its aim, and the machine it was measured on."""

from __future__ import annotations

import math
import os
import platform
import sqlite3
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MODEL_NAME = "model name"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`value` is the median of `runs`; `aim` is a limit in the same unit, None where there is none.

    It is an upper limit, or a lower one with `is_at_least`.
    """

    name: str
    what: str
    value: float
    low: float
    high: float
    runs: int
    unit: str
    aim: float | None = None
    is_at_least: bool = False
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def is_met(self) -> bool | None:
        if self.aim is None:
            return None
        return self.value >= self.aim if self.is_at_least else self.value <= self.aim


def of_runs(name: str, what: str, values: Sequence[float], **rest: Any) -> Figure:
    """The median of repeated runs, with the least and the most of them."""
    median = statistics.median(values)
    return Figure(
        name=name, what=what, value=median, low=min(values), high=max(values), runs=len(values), **rest
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(round(len(ordered) * share, 6)) - 1)]


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "sqlite": sqlite3.sqlite_version,
    }


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text("utf-8").splitlines() if facts.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if MODEL_NAME in line), platform.machine())
