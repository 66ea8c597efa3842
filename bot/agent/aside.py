"""A call in a thread of its own, so that a stop need not wait for one that does not listen.

Python cannot end a thread. One that goes on after it was told to end is left behind: what it still reads is of no
use to anyone, and what it still changes is reported as unknown. It is a daemon: the process does not wait for it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import AbstractContextManager, contextmanager
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from typing import TypeVar

from bot.errors import Halted, LeftRunning
from bot.sdk.halt import Halt

PATIENCE = 0.8
"""Seconds that a halted call has to end by itself: with what else a stop takes, it is told within a second."""

T = TypeVar("T")

Halting = Callable[[bool], AbstractContextManager[Halt]]
"""Gives one call its halt, told whether the call changes nothing."""


@contextmanager
def unheard(_: bool) -> Iterator[Halt]:
    """Nobody stops it."""
    yield Halt()


class Hands:
    """Threads that are used again: one is begun only when all others are busy, or were left behind."""

    def __init__(self) -> None:
        self._idle: deque[_Hand] = deque()

    def make(self, act: Callable[[], T], halt: Halt, *, patience: float = PATIENCE) -> T:
        """What `act` gives or raises; `LeftRunning` when it was halted and did not end."""
        ending: Future[T] = Future()
        is_time_to_look: SimpleQueue[None] = SimpleQueue()
        ending.add_done_callback(lambda _: is_time_to_look.put(None))
        with halt.calling(lambda: is_time_to_look.put(None)):
            self._give(partial(_end, ending, copy_context().run, act))
            is_time_to_look.get()
        if not ending.done():
            wait([ending], patience)
        if not ending.done():
            raise LeftRunning("The call was told to end and did not. What it did is not known.")
        try:
            return ending.result()
        except Halted as error:
            if halt.is_set:
                raise
            raise RuntimeError("a call ended as halted, and nobody had halted it") from error

    def _give(self, work: Callable[[], None]) -> None:
        try:
            hand = self._idle.pop()
        except IndexError:
            hand = _Hand(self._idle)
        hand.works.put(work)


class _Hand:
    """It lays itself down again when its work is done, however late."""

    def __init__(self, idle: deque[_Hand]) -> None:
        self.works: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._idle = idle
        threading.Thread(target=self._run, name="call", daemon=True).start()

    def _run(self) -> None:
        while True:
            self.works.get()()
            self._idle.append(self)


def _end(ending: Future[T], run: Callable[[Callable[[], T]], T], act: Callable[[], T]) -> None:
    try:
        result = run(act)
    except BaseException as error:  # noqa: BLE001 - the top of a thread: whoever waits for it raises it
        ending.set_exception(error)
    else:
        ending.set_result(result)
