"""The gate of everything that outlives this process: each write and each call outside passes it under a name.

Whoever watches (metrics, traces, the test harness that kills us there) sees the same names.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Final, Protocol


class Watcher(Protocol):
    """Sees every crossing of the process, from any thread. What it raises is raised there."""

    def reached(self, point: str) -> None:
        """We stand right before a commit or a call outside (`name`), or right behind it (`name.done`)."""

    def around(self, name: str) -> contextlib.AbstractContextManager[object]:
        """Entered before and left after; an exception passes through it."""


Counter = Callable[[str, float], None]
"""Hears what is counted, and how much of it."""

_watchers: Final[list[Watcher]] = []
_counters: Final[list[Counter]] = []


def watch(watcher: Watcher) -> None:
    """For the life of the process, like a handler of its log."""
    _watchers.append(watcher)


def unwatch(watcher: Watcher) -> None:
    _watchers.remove(watcher)


def count(counter: Counter) -> None:
    """For the life of the process, as `watch`."""
    _counters.append(counter)


def uncount(counter: Counter) -> None:
    _counters.remove(counter)


def counted(what: str, amount: float = 1) -> None:
    """Something that adds up over the life of the process, such as "model.tokens.input"."""
    for counter in _counters:
        counter(what, amount)


def reached(point: str) -> None:
    for watcher in _watchers:
        watcher.reached(point)


@contextlib.contextmanager
def watched(name: str) -> Iterator[None]:
    """Seen by every watcher, without the points before and behind it."""
    with contextlib.ExitStack() as stack:
        for watcher in _watchers:
            stack.enter_context(watcher.around(name))
        yield


@contextlib.contextmanager
def outside(name: str) -> Iterator[None]:
    """A call to something outside of this process."""
    reached(name)
    with watched(name):
        yield
    reached(f"{name}.done")
