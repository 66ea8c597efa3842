"""What connectors cost that nobody uses: memory of our process and of their servers, and what is left after a rest."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psutil  # type: ignore[import-untyped]

from bot.connectors.hub import Hub
from tests.bench.aside import Aside
from tests.bench.connector import ANA, stdio
from tests.bench.figure import Figure, of_runs
from tests.bench.resident import resident

IDLE = 601.0
MB = 1024.0


def measure(*, quick: bool) -> list[Figure]:
    """Servers of server-everything, each in a cell of its own; each round is a new process of ours."""
    size, rounds = (5, 1) if quick else (20, 3)
    found = [_round(size) for _ in range(rounds)]
    kinds = {
        "first": "Memory that the first connector costs our process (the protocol's library)",
        "next": f"Memory of ours for each of the {size - 1} after it, started and idle",
        "servers": f"Memory of the {size} servers, what they share counted once",
        "rested": f"Memory of ours for each of {size} connectors after ten idle minutes",
        "left": f"Processes that are left of {size} servers after ten idle minutes",
    }
    units = {"next": "KB", "rested": "KB", "left": ""}
    return [
        of_runs(f"idle.{kind}", what, [one[kind] for one in found], unit=units.get(kind, "MB"))
        for kind, what in kinds.items()
    ]


def _round(size: int) -> dict[str, float]:
    with Aside(Idle) as ours:
        before = ours.ask("resident")
        ours.ask("start", 0, 1)
        first = ours.ask("resident")
        ours.ask("start", 1, size)
        started = ours.ask("resident")
        servers = ours.ask("servers")
        ours.ask("rest")
        rested = ours.ask("resident")
        left = ours.ask("left")
    return {
        "first": (first - before) / MB,
        "next": (started - first) / (size - 1),
        "servers": servers / MB,
        "rested": (rested - first) / size,
        "left": left,
    }


class Idle:
    """A process with connectors; `rest` makes ten minutes pass."""

    def __init__(self) -> None:
        self._later = 0.0
        self._hub = Hub(secret=str, elapsed=lambda: time.monotonic() + self._later)

    def start(self, first: int, behind: int) -> None:
        """Each is called once."""
        slugs = [f"all{number}" for number in range(first, behind)]
        with ThreadPoolExecutor(4) as threads:
            looks = [threads.submit(self._hub.look, replace(stdio(), slug=slug), ANA) for slug in slugs]
        assert all(look.result().tools for look in looks)

    def resident(self) -> float:
        return resident()

    def servers(self) -> float:
        """In kilobytes."""
        held = sum(child.memory_full_info().pss for child in _children())
        return float(held) / 1024

    def rest(self) -> None:
        self._later = IDLE
        self._hub.rest()

    def left(self) -> int:
        return len(_children())


def _children() -> list[psutil.Process]:
    children: list[psutil.Process] = psutil.Process().children(recursive=True)
    return [child for child in children if child.status() != psutil.STATUS_ZOMBIE]
