"""The portal: one event-loop thread on which all of asyncio lives; everything else calls in from its own thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, wait
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from bot.sdk.halt import Halt

T = TypeVar("T")

Ask = Coroutine[Any, Any, T] | asyncio.Future[T]

_PATIENCE = 0.5
"""Seconds that what was told to end has for it: with what else a stop takes, it is told within a second."""


class GivenUp(Exception):
    """The coroutine was told to end before its end, and did not give anything."""


class Portal:
    """Started by the first call; `close` ends it for good."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        return self._loop is not None and not self._is_closed

    def call(self, ask: Callable[[], Ask[T]], *, halt: Halt) -> T:
        """What `ask` gives or raises on the loop, waited for in this thread.

        A halt cancels it there, and so on the server: raises `GivenUp`.
        """
        running = _Running(self._started(), ask)
        with halt.calling(running.end):
            return running.waited()

    def close(self) -> None:
        """What still runs there is cancelled."""
        with self._lock:
            self._is_closed = True
            loop, thread = self._loop, self._thread
        if loop is not None and thread is not None and thread.is_alive():
            loop.call_soon_threadsafe(_cancel_all, loop)
            thread.join(5)

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._is_closed:
                raise GivenUp
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_turn, args=(self._loop,), name="connectors", daemon=True
                )
                self._thread.start()
            return self._loop


class _Running(Generic[T]):
    """A coroutine on the loop, and the thread that waits for it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ask: Callable[[], Ask[T]]) -> None:
        self._loop = loop
        self._asked: asyncio.Future[T] | None = None
        self._outcome: Future[T] = Future()
        self._is_time_to_look: SimpleQueue[None] = SimpleQueue()
        self._outcome.add_done_callback(lambda _: self._is_time_to_look.put(None))
        loop.call_soon_threadsafe(self._begin, ask)

    def end(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._cancel)
        self._is_time_to_look.put(None)

    def waited(self) -> T:
        self._is_time_to_look.get()
        if not self._outcome.done() and not wait([self._outcome], _PATIENCE).done:
            raise GivenUp
        return self._outcome.result()

    def _begin(self, ask: Callable[[], Ask[T]]) -> None:
        try:
            self._asked = asyncio.ensure_future(ask())
        except Exception as error:  # noqa: BLE001  whoever waits is told
            self._outcome.set_exception(error)
        else:
            self._asked.add_done_callback(self._settle)

    def _cancel(self) -> None:
        if self._asked is not None:
            self._asked.cancel()

    def _settle(self, asked: asyncio.Future[T]) -> None:
        if asked.cancelled():
            self._outcome.set_exception(GivenUp())
        elif error := asked.exception():
            self._outcome.set_exception(error)
        else:
            self._outcome.set_result(asked.result())


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    ending = asyncio.gather(*tasks, return_exceptions=True) if tasks else None
    if ending is None:
        loop.stop()
    else:
        ending.add_done_callback(lambda _: loop.stop())
