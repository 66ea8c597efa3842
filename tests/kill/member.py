"""A member of a fleet: the real `cowork`, with someone at its crossings who counts for all of its kind, and strikes."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot import crossing
from bot.cli import main
from tests.kill.victim import END_OF_STRETCH, NURSERY, OWN, Crossed


@dataclass(frozen=True, kw_only=True)
class Strike:
    """Whichever process of the kind is the first to come to this point gets the signal there, and no other one."""

    at: Crossed
    signal: int = signal.SIGKILL


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A point that was reached, and by which process."""

    at: Crossed
    process: int


class Watchman:
    """Processes of a kind count together, in one ledger: each line is there before its process goes on."""

    def __init__(self, ledger: Path, strikes: Sequence[Strike]) -> None:
        self._ledger = os.open(ledger, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        self._strikes = {strike.at: strike.signal for strike in strikes}
        self._read = 0
        self._stretch = 1
        self._reached: Counter[str] = Counter()
        self._lock = threading.Lock()

    def reached(self, point: str) -> None:
        with self._lock:
            fcntl.flock(self._ledger, fcntl.LOCK_EX)
            self._catch_up()
            here = Crossed(point=point, stretch=self._stretch, number=self._reached[point] + 1)
            struck = self._strikes.get(here)
            os.write(self._ledger, f"{json.dumps(asdict(here) | {'process': os.getpid()})}\n".encode())
            if struck == signal.SIGKILL:
                os.kill(os.getpid(), struck)
            fcntl.flock(self._ledger, fcntl.LOCK_UN)
            if struck is not None:  # to this thread: it goes no further
                signal.pthread_kill(threading.get_ident(), struck)

    def around(self, name: str) -> contextlib.AbstractContextManager[object]:
        return contextlib.nullcontext()

    def _catch_up(self) -> None:
        while piece := os.pread(self._ledger, 1 << 20, self._read):
            self._read += len(piece)
            for line in piece.splitlines():
                point = json.loads(line)["point"]
                self._reached[point] += 1
                if point == END_OF_STRETCH:
                    self._stretch += 1
                    self._reached.clear()


def passed(ledger: Path) -> list[Passed]:
    """What the processes of a kind reached, in order."""
    lines = map(json.loads, ledger.read_text().splitlines()) if ledger.exists() else ()
    return [Passed(process=line.pop("process"), at=Crossed(**line)) for line in lines]


def start(
    verb: str, place: Path, environment: Mapping[str, str], ledger: Path, strikes: Sequence[Strike] = ()
) -> BaseProcess:
    """A process of its own. Its words go into the `log` of the place."""
    forked = get_context("forkserver")
    forked.set_forkserver_preload(["pytest", NURSERY])
    process = forked.Process(target=_live, args=(verb, place, dict(environment), ledger, tuple(strikes)))
    process.start()
    return process


def _live(
    verb: str, place: Path, environment: dict[str, str], ledger: Path, strikes: Sequence[Strike]
) -> None:
    log = os.open(place / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for name in [name for name in os.environ if name.startswith(OWN)]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(place)
    crossing.watch(Watchman(ledger, strikes))
    main.app([verb])
