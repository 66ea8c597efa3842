"""`cowork` on a terminal that is none: what a person would see, escapes and all."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.forked import Forked

PATIENCE = 60.0


class Terminal:
    """One process with a terminal of its own."""

    def __init__(self, words: Sequence[str], place: Path, environment: Mapping[str, str]) -> None:
        own = {
            "PATH": os.environ["PATH"],
            "HOME": str(place),
            "COWORK_HOME": str(place / "state"),
            "TERM": "xterm",
            "COLUMNS": "120",
            "LINES": "50",
        }
        self._keyboard, other = pty.openpty()
        self._process = Forked(words, place, {**own, **environment}, (other, other, other))
        os.close(other)
        self._shown = ""

    def until(self, text: str) -> str:
        """All that is shown until this text is."""
        deadline = time.monotonic() + PATIENCE
        while text not in self._shown:
            ready, _, _ = select.select([self._keyboard], [], [], max(deadline - time.monotonic(), 0.0))
            assert ready, f"it was not shown in time: {text}\n{self._shown}"
            with contextlib.suppress(OSError):  # the terminal is gone with its process
                self._shown += os.read(self._keyboard, 65536).decode("utf-8", "replace")
        return self._shown

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._keyboard)

    def type(self, keys: str) -> None:
        os.write(self._keyboard, keys.encode())

    def end(self) -> int:
        """Its exit code."""
        return self._process.wait(PATIENCE)
