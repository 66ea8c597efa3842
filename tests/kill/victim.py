"""The process that is killed: the real `cowork`, with someone at its crossings who counts, and strikes at one."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot import crossing
from bot.cli import main

NURSERY = "tests.kill.nursery"
END_OF_STRETCH = "task.release.done"
OWN = ("COWORK_", "SLACK_", "ANTHROPIC_")


@dataclass(frozen=True, kw_only=True)
class Crossed:
    """A point of a process: the `number`-th time that it is reached in this stretch of work.

    A stretch ends where a task is released. What is sent to Slack in one stretch depends on how fast it is sent,
    as changes are coalesced; but the first of each kind is always sent.
    """

    point: str
    stretch: int
    number: int

    def __str__(self) -> str:
        return f"{self.point} {self.stretch}.{self.number}"


class Reaper:
    """Writes down every point that is reached, and kills the process at one. The dead leave a whole list."""

    def __init__(self, ledger: Path, death: Crossed | None) -> None:
        self._ledger = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._death = death
        self._stretch = 1
        self._reached: Counter[str] = Counter()
        self._lock = threading.Lock()

    def reached(self, point: str) -> None:
        with self._lock:
            self._reached[point] += 1
            here = Crossed(point=point, stretch=self._stretch, number=self._reached[point])
            os.write(self._ledger, f"{json.dumps(asdict(here))}\n".encode())
            if here == self._death:
                os.kill(os.getpid(), signal.SIGKILL)
            if point == END_OF_STRETCH:
                self._stretch += 1
                self._reached.clear()

    def around(self, name: str) -> contextlib.AbstractContextManager[object]:
        return contextlib.nullcontext()


def crossed(ledger: Path) -> list[Crossed]:
    """What a process reached, in order."""
    lines = ledger.read_text().splitlines() if ledger.exists() else []
    return [Crossed(**json.loads(line)) for line in lines]


def start(
    verb: str, place: Path, environment: Mapping[str, str], ledger: Path, death: Crossed | None
) -> BaseProcess:
    """A process of its own. Its words go into the `log` of the place."""
    forked = get_context("forkserver")
    forked.set_forkserver_preload(["pytest", NURSERY])
    process = forked.Process(target=_live, args=(verb, place, dict(environment), ledger, death))
    process.start()
    return process


def _live(verb: str, place: Path, environment: dict[str, str], ledger: Path, death: Crossed | None) -> None:
    log = os.open(place / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for name in [name for name in os.environ if name.startswith(OWN)]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(place)
    crossing.watch(Reaper(ledger, death))
    main.app([verb])
