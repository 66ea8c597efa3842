"""Waiting for the bell without a thread for each who waits: one listens for all of them."""

from __future__ import annotations

import asyncio
import threading

from bot.engine.bell import Bell

_LISTENS = 1.0
_REST = 0.1


class Ringing:
    """Lives on one event loop. Many rings in a short time wake once, and `rung` counts that."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self.rung = 0
        self._waiting: set[asyncio.Future[None]] = set()
        self._stopping = threading.Event()

    def start(self) -> None:
        """On the loop. What rings from here on is heard."""
        given = (asyncio.get_running_loop(), self._bell.wait(-1, 0))
        threading.Thread(target=self._listen, args=given, name="mcp-bell", daemon=True).start()

    async def wait(self, seen: int, seconds: float) -> int:
        """Until a ring after `seen`, or so long: the count to pass next time, as of before one looks."""
        if self.rung == seen:
            rung: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(rung)
            try:
                await asyncio.wait([rung], timeout=seconds)
            finally:
                self._waiting.discard(rung)
        return self.rung

    def stop(self) -> None:
        self._stopping.set()

    def _listen(self, loop: asyncio.AbstractEventLoop, seen: int) -> None:
        while not self._stopping.is_set():
            rung = self._bell.wait(seen, _LISTENS)
            if rung != seen:
                try:
                    loop.call_soon_threadsafe(self._wake)
                except RuntimeError:  # the loop is closed
                    return
                self._stopping.wait(_REST)
            seen = rung

    def _wake(self) -> None:
        self.rung += 1
        for rung in self._waiting:
            if not rung.done():
                rung.set_result(None)
