"""`cowork` forked from a process that has loaded all of ours: told by its words, its environment and its pipes alone.

It spares a second and more of the processor for each. That the same begins anew from the command line, the README's
terminal command, its fleet and the first story of `cowork up` show (`tests/test_readme.py`, `tests/cli/test_up.py`).
"""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import IO

from bot.cli import main, shared

NURSERY = "tests.kill.nursery"


def nursery() -> ForkServerContext:
    """Where processes are forked from; it is started with the first of them."""
    forked = get_context("forkserver")
    forked.set_forkserver_preload(["pytest", NURSERY])
    return forked


class Forked:
    """Used as a `Popen`. The three descriptors become its standard input, output and error output."""

    def __init__(
        self, words: Sequence[str], place: Path, environment: Mapping[str, str], streams: Sequence[int]
    ) -> None:
        pipes = [Connection(os.dup(one)) for one in streams]
        given = (tuple(words), place, dict(environment), pipes)
        self._process = nursery().Process(target=_live, args=given)
        self._process.start()
        for one in pipes:
            one.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("cowork", timeout or 0.0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self._process.exitcode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()


class Piped:
    """A forked one with a pipe for each stream, as text."""

    def __init__(self, words: Sequence[str], place: Path, environment: Mapping[str, str]) -> None:
        (theirs_in, mine_in), (mine_out, theirs_out), (mine_err, theirs_err) = (os.pipe() for _ in range(3))
        theirs = (theirs_in, theirs_out, theirs_err)
        self.process = Forked(words, place, environment, theirs)
        for one in theirs:
            os.close(one)
        self.stdin: IO[str] = os.fdopen(mine_in, "w", encoding="utf-8")
        self.stdout: IO[str] = os.fdopen(mine_out, encoding="utf-8")
        self.stderr: IO[str] = os.fdopen(mine_err, encoding="utf-8")


def ran(
    words: Sequence[str], place: Path, environment: Mapping[str, str], answers: str = "", timeout: float = 110
) -> subprocess.CompletedProcess[str]:
    """What it said, once it has ended; it is killed when that takes too long."""
    piped = Piped(words, place, environment)
    said: dict[str, str] = {}
    with ExitStack() as stack:
        stack.callback(piped.process.kill)
        for name in ("stdout", "stderr"):
            stream = stack.enter_context(getattr(piped, name))
            reader = threading.Thread(target=lambda n=name, s=stream: said.update({n: s.read()}), daemon=True)
            reader.start()
            stack.callback(reader.join)
        with piped.stdin:
            piped.stdin.write(answers)
        code = piped.process.wait(timeout)
    return subprocess.CompletedProcess(list(words), code, **said)


def _live(
    words: Sequence[str], place: Path, environment: Mapping[str, str], pipes: Sequence[Connection]
) -> None:
    for number, pipe in enumerate(pipes):
        os.dup2(pipe.fileno(), number)
        pipe.close()
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1, closefd=False)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(place)
    importlib.reload(shared)  # its consoles looked at the environment and the streams
    main.app(list(words), prog_name="cowork")
