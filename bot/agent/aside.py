"""A call in a thread of its own, so that a stop need not wait for one that does not listen.

Python cannot end a thread. One that goes on after it was told to end is left behind: what it still reads is of no
use to anyone, and what it still changes is reported as unknown. It is a daemon: the process does not wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from typing import TypeVar

from bot.errors import Halted, LeftRunning
from bot.sdk.halt import Halt

PATIENCE = 0.8
"""Seconds that a halted call has to end by itself: with what else a stop takes, it is told within a second."""

T = TypeVar("T")


def made(act: Callable[[], T], halt: Halt, *, patience: float = PATIENCE) -> T:
    """What `act` gives or raises; `LeftRunning` when it was halted and did not end."""
    ending: Future[T] = Future()
    is_time_to_look = threading.Event()
    ending.add_done_callback(lambda _: is_time_to_look.set())
    thread = threading.Thread(target=_end, args=(ending, copy_context().run, act), name="call", daemon=True)
    with halt.calling(is_time_to_look.set):
        thread.start()
        is_time_to_look.wait()
    if not ending.done():
        thread.join(patience)
    if not ending.done():
        raise LeftRunning("The call was told to end and did not. What it did is not known.")
    try:
        return ending.result()
    except Halted as error:
        if halt.is_set:
            raise
        raise RuntimeError("a call ended as halted, and nobody had halted it") from error


def _end(ending: Future[T], run: Callable[[Callable[[], T]], T], act: Callable[[], T]) -> None:
    try:
        result = run(act)
    except BaseException as error:  # noqa: BLE001 - the top of a thread: whoever waits for it raises it
        ending.set_exception(error)
    else:
        ending.set_result(result)
