"""One call under way: whether it has left us, and how long it may still take."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Final

_MOST_TIMES: Final = 10


class Attempt:
    """`is_sent`: from here on nobody but the server knows what it did; `is_read`: nothing, whatever became of it.
    `was_alone`: no other call was made by the same connection meanwhile. `is_looking`: it only asks what there is, and
    the call itself comes after; it stays so when that goes wrong.
    """

    def __init__(self, seconds: float, *, is_read: bool = False) -> None:
        self.seconds, self.is_read = seconds, is_read
        self.is_sent = False
        self.was_alone = True
        self.is_looking = False
        self._limit: asyncio.Timeout | None = None
        self._last = 0.0

    @property
    def is_harmless(self) -> bool:
        """Whatever becomes of it, it changes nothing."""
        return self.is_read or self.is_looking

    @contextlib.contextmanager
    def looking(self) -> Iterator[None]:
        """Around what is asked before the call itself, whose time begins after it. On the loop."""
        self.is_looking = True
        yield
        self.is_looking = False
        self.go_on()

    def limited(self) -> asyncio.Timeout:
        """Around all of it, on the loop."""
        now = asyncio.get_running_loop().time()
        self._last = now + _MOST_TIMES * self.seconds
        self._limit = asyncio.timeout_at(now + self.seconds)
        return self._limit

    def pause(self) -> None:
        """A person is waited for: that has no limit here. On the loop."""
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(None)

    def go_on(self) -> None:
        """Its time begins anew. On the loop."""
        if self._limit is not None and not self._limit.expired():
            now = asyncio.get_running_loop().time()
            self._last = now + _MOST_TIMES * self.seconds
            self._limit.reschedule(now + self.seconds)

    def is_alive(self) -> None:
        """The server said that it is at work: its time begins anew, up to ten times in all. On the loop."""
        if self._limit is not None and not self._limit.expired():
            now = asyncio.get_running_loop().time()
            self._limit.reschedule(min(now + self.seconds, self._last))
