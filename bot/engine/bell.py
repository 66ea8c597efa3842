"""The bell rings when something was committed, so that whoever looks for work looks now and not at the next poll."""

from __future__ import annotations

import threading


class Bell:
    """Hints only: a missed ring costs a poll interval, never a task."""

    def __init__(self) -> None:
        self._rung = 0
        self._own = 0
        self._changed = threading.Condition()

    def ring(self) -> None:
        with self._changed:
            self._own += 1
            self._rung += 1
            self._changed.notify_all()

    def echo(self) -> None:
        """Another process rang: heard here, and not passed on."""
        with self._changed:
            self._rung += 1
            self._changed.notify_all()

    def wait(self, seen: int, timeout: float) -> int:
        """Until a ring after `seen`, at most `timeout` seconds. The count to pass next time."""
        with self._changed:
            self._changed.wait_for(lambda: self._rung != seen, timeout)
            return self._rung

    def wait_own(self, seen: int, timeout: float) -> int:
        """`wait` for the rings of this process alone."""
        with self._changed:
            self._changed.wait_for(lambda: self._own != seen, timeout)
            return self._own
