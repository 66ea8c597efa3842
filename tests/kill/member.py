"""The process that is killed: the real `cowork`, with someone at its crossings who counts for its kind, and strikes."""

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
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot import crossing
from bot.cli import main
from tests import forked

END_OF_STRETCH = "task.release.done"
OWN = ("COWORK_", "SLACK_", "ANTHROPIC_")


@dataclass(frozen=True, kw_only=True)
class Crossed:
    """A point of the processes of a kind: the `number`-th time that one of them reaches it in this stretch of work.

    A stretch ends where a task is released; in stretch 0 all are counted together. What is sent to Slack in one
    stretch depends on how fast it is sent, as changes are coalesced; but the first of each kind is always sent.
    """

    verb: str
    point: str
    stretch: int = 0
    number: int = 1

    def __str__(self) -> str:
        return f"{self.verb} {self.point} {self.stretch}.{self.number}"


@dataclass(frozen=True, kw_only=True)
class Strike:
    """Whichever process of the kind is the first to come to this point gets the signal there, and no other one."""

    at: Crossed
    signal: int = signal.SIGKILL


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A point that was reached, by which process, and how often it was reached in all by then."""

    at: Crossed
    process: int
    ever: int

    @property
    def names(self) -> tuple[Crossed, Crossed]:
        """What a strike here can be called."""
        return self.at, Crossed(verb=self.at.verb, point=self.at.point, number=self.ever)


class Watchman:
    """Processes of a kind count together, in one ledger: each line is there before its process goes on."""

    def __init__(self, verb: str, ledger: Path, strikes: Sequence[Strike]) -> None:
        self._verb = verb
        self._ledger = os.open(ledger, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        self._strikes = {strike.at: strike.signal for strike in strikes}
        self._read = 0
        self._stretch = 1
        self._reached: Counter[str] = Counter()
        self._ever: Counter[str] = Counter()
        self._lock = threading.Lock()

    def reached(self, point: str) -> None:
        with self._lock:
            fcntl.flock(self._ledger, fcntl.LOCK_EX)
            self._catch_up()
            here = Crossed(
                verb=self._verb, point=point, stretch=self._stretch, number=self._reached[point] + 1
            )
            passed = Passed(at=here, process=os.getpid(), ever=self._ever[point] + 1)
            os.write(self._ledger, f"{json.dumps(asdict(passed))}\n".encode())
            struck = next((self._strikes[name] for name in passed.names if name in self._strikes), None)
            if struck == signal.SIGKILL:
                os.kill(os.getpid(), struck)
            fcntl.flock(self._ledger, fcntl.LOCK_UN)
            if struck is not None:  # to this thread: it goes no further
                signal.pthread_kill(threading.get_ident(), struck)

    def around(self, name: str) -> contextlib.AbstractContextManager[object]:
        return contextlib.nullcontext()

    def _catch_up(self) -> None:
        while piece := os.pread(self._ledger, 1 << 20, self._read):
            whole = piece[: piece.rindex(b"\n") + 1]
            self._read += len(whole)
            for line in whole.splitlines():
                point = json.loads(line)["at"]["point"]
                self._ever[point] += 1
                self._reached[point] += 1
                if point == END_OF_STRETCH:
                    self._stretch += 1
                    self._reached.clear()


def passed(ledger: Path) -> list[Passed]:
    """What the processes of a kind reached, in order."""
    lines = map(json.loads, ledger.read_text().splitlines()) if ledger.exists() else ()
    return [Passed(**line | {"at": Crossed(**line["at"])}) for line in lines]


def ledger(place: Path, verb: str) -> Path:
    return place / f"{verb}.ledger"


def start(
    verb: str, place: Path, environment: Mapping[str, str], strikes: Sequence[Strike] = (), *words: str
) -> BaseProcess:
    """A process of its own: `cowork verb words`. What it says goes into the `log` of the place."""
    given = (verb, place, dict(environment), tuple(strikes), words)
    process = forked.nursery().Process(target=_live, args=given)
    process.start()
    return process


def _live(
    verb: str, place: Path, environment: dict[str, str], strikes: Sequence[Strike], words: Sequence[str]
) -> None:
    log = os.open(place / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for name in [name for name in os.environ if name.startswith(OWN)]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(place)
    crossing.watch(Watchman(verb, ledger(place, verb), strikes))
    main.app([verb, *words])
