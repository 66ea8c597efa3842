"""One `cowork` process, followed line by line with a deadline."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from tests import forked

PATIENCE = 60.0


class Cowork:
    """`said` is all of its output so far, a list of lines; `complaints` all of its error output.

    It is forked from a process that has loaded all of ours, or begun `afresh` as from the command line.
    """

    def __init__(
        self, words: Sequence[str], place: Path, environment: Mapping[str, str], *, afresh: bool = False
    ) -> None:
        own = {
            "PATH": os.environ["PATH"],
            "HOME": str(place),
            "COWORK_HOME": str(place / "state"),
            "COWORK_PORT": "0",
        }
        self._process: subprocess.Popen[str] | forked.Forked
        self._input: IO[str]
        begun = _afresh if afresh else _forked
        self._process, self._input, output, complaints = begun(words, place, {**own, **environment})
        self.said: list[str] = []
        self.complaints: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._readers = [
            self._reading(output, self._heard),
            self._reading(complaints, self.complaints.append),
        ]

    def until(self, fits: Callable[[str], bool]) -> str:
        """The next line that fits."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._lines.get(timeout=max(deadline - time.monotonic(), 0.01))
            except queue.Empty:
                raise AssertionError(self._story("it was not said in time")) from None
            if line is None:
                raise AssertionError(self._story("it ended without saying it"))
            if fits(line):
                return line

    def news(self, name: str) -> Any:
        """The next JSON line with this `news`."""
        return json.loads(self.until(lambda line: json.loads(line)["news"] == name))

    def answer(self, line: str) -> None:
        """Type a line."""
        self._input.write(f"{line}\n")
        self._input.flush()

    def interrupt(self, name: signal.Signals = signal.SIGINT) -> None:
        """Press Ctrl-C, or send another signal."""
        self._process.send_signal(name)

    def end(self, patience: float = PATIENCE) -> int:
        """Nothing more is typed: its exit code, once all it said was read."""
        self._input.close()
        try:
            code = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            raise AssertionError(self._story("it did not end in time")) from None
        for reader in self._readers:
            reader.join(PATIENCE)
        return code

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    def _heard(self, line: str) -> None:
        self.said.append(line)
        self._lines.put(line)

    def _reading(self, stream: IO[str], heard: Callable[[str], None]) -> threading.Thread:
        def read() -> None:
            for line in stream:
                heard(line.rstrip("\n"))
            if heard == self._heard:
                self._lines.put(None)

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        return reader

    def _story(self, what: str) -> str:
        return "\n".join([what, *self.said, "--- errors", *self.complaints])


Begun = tuple["subprocess.Popen[str] | forked.Forked", IO[str], IO[str], IO[str]]


def _forked(words: Sequence[str], place: Path, environment: Mapping[str, str]) -> Begun:
    begun = forked.Piped(words, place, environment)
    return begun.process, begun.stdin, begun.stdout, begun.stderr


def _afresh(words: Sequence[str], place: Path, environment: Mapping[str, str]) -> Begun:
    begun = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *words],
        cwd=place,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert begun.stdin is not None and begun.stdout is not None and begun.stderr is not None
    return begun, begun.stdin, begun.stdout, begun.stderr
