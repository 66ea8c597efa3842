"""The portal: one event-loop thread on which all of asyncio lives; everything else calls in from its own thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from bot.errors import LeftRunning
from bot.sdk.halt import Halt

T = TypeVar("T")


class Portal:
    """Started by the first call; `close` ends it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="connectors", daemon=True)
                self._thread.start()
            return self._loop

    def call(self, ask: Callable[[], Coroutine[Any, Any, T]], *, halt: Halt) -> T:
        """What `ask` gives on the loop, waited for in this thread. A halt cancels it there, and so on the server."""
        future: Future[T] = asyncio.run_coroutine_threadsafe(ask(), self.loop)
        with halt.calling(future.cancel):
            try:
                return future.result()
            except CancelledError:
                halt.check()
                raise LeftRunning("The connection was given up in the middle of the call.") from None

    def close(self) -> None:
        with self._lock:
            loop, thread, self._loop = self._loop, self._thread, None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
