"""A place where an answer waits until a test lets it pass, instead of sleeping."""

from __future__ import annotations

import asyncio
import threading


class Gate:
    """Closed until `open` is called, from any thread; once open it stays open.

    `reached` is set when an answer stands before it, `left` when the caller hung up while it stood there.
    """

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.left = threading.Event()
        self._lock = threading.Lock()
        self._is_open = False
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def open(self) -> None:
        """Let everyone pass, now and later."""
        with self._lock:
            self._is_open, waiting, self._waiting = True, self._waiting, []
        for loop, event in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    async def passed(self) -> None:
        """Returns when the gate is open."""
        event = asyncio.Event()
        with self._lock:
            if not self._is_open:
                self._waiting.append((asyncio.get_running_loop(), event))
            else:
                event.set()
        self.reached.set()
        await event.wait()
