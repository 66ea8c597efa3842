"""The word to a running call, from another thread, that it must end: the task was stopped, or the process goes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.errors import Halted


class Halt:
    """One call's. A tool listens to it, or it is left behind a second after it was told (`bot.agent.aside`).

    Long work asks now and then with `check`; what blocks is ended by what `calling` was given. A tool lets
    `Halted` out only when nothing was changed and nothing is left over: past that point it goes on to its end.
    Right before a change that cannot be taken back it asks once more: a process that stood still may come too late
    (`is_late`), when its task is another's.
    """

    def __init__(self, is_late: Callable[[], bool] = lambda: False) -> None:
        self._is_late = is_late
        self._told = threading.Event()
        self._to_call: list[Callable[[], object]] = []
        self._lock = threading.Lock()

    @property
    def is_set(self) -> bool:
        return self._told.is_set()

    def check(self) -> None:
        """Raises `Halted` once the call must end."""
        if self._is_late():
            self.set()
        if self._told.is_set():
            raise Halted("The call was stopped while it ran; nothing was changed.")

    @contextmanager
    def calling(self, end: Callable[[], object]) -> Iterator[None]:
        """Within the block `end` is called as soon as the call must end, from another thread; never after it.

        It must be quick and raise nothing: kill a process, shut a socket down.
        """
        with self._lock:
            self._to_call.append(end)
            if self.is_set:
                end()
        try:
            yield
        finally:
            with self._lock:
                self._to_call.remove(end)

    def set(self) -> None:
        """The call must end, now. Once is enough."""
        with self._lock:
            if self.is_set:
                return
            self._told.set()
            for end in self._to_call:
                end()
