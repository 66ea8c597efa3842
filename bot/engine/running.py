"""The calls that this process is making, by task, so that a stop reaches into them at once."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.domain.clock import uptime
from bot.model.wire import Wire
from bot.sdk.halt import Halt

SURE = 2 / 3
"""The part of a lease in which its holder is sure of it: the rest is for clocks, and for what is on its way."""


@dataclass(frozen=True, kw_only=True)
class _Running:
    task_id: int
    is_read: bool
    halt: Halt


class Running:
    """A stop halts every call of a task. Parking halts only what changes nothing: it is made again by the next
    process, while a call that changes something is let finish, so that nobody has to ask what became of it.

    In a fleet a task is ours until a moment (`trust`) that is put off again and again; after that nothing is changed.
    """

    def __init__(self) -> None:
        self._calls: list[_Running] = []
        self._working: set[int] = set()
        self._interrupted: set[int] = set()
        self._ours_until: dict[int, float] = {}
        self._lock = threading.Lock()
        self._parking = threading.Event()

    @property
    def is_parking(self) -> bool:
        return self._parking.is_set()

    @contextmanager
    def halt(self, task_id: int, *, is_read: bool) -> Iterator[Halt]:
        """For one call. It is set from the start when the task is to be looked at, or the process goes."""
        halt = Halt() if is_read else Halt(lambda: self._is_late(task_id))
        call = _Running(task_id=task_id, is_read=is_read, halt=halt)
        with self._lock:
            self._calls.append(call)
            is_late = task_id in self._interrupted or (is_read and self.is_parking)
        if is_late:
            call.halt.set()
        try:
            yield call.halt
        finally:
            with self._lock:
                self._calls = [one for one in self._calls if one is not call]

    @contextmanager
    def wire(self, task_id: int) -> Iterator[Wire]:
        """The connection of one model call, open to being cut from outside."""
        wire = Wire()
        with self.halt(task_id, is_read=True) as halt, halt.calling(wire.cut):
            yield wire

    @contextmanager
    def at_work(self, task_id: int) -> Iterator[None]:
        """A worker of this process has claimed the task, and lets it go at the end."""
        with self._lock:
            self._working.add(task_id)
        try:
            yield
        finally:
            with self._lock:
                self._working.discard(task_id)

    def working(self) -> set[int]:
        """The tasks that this process works on."""
        with self._lock:
            return set(self._working)

    def trust(self, held: Collection[int], *, until: float) -> None:
        """Nobody else takes these tasks before then, in seconds of the machine's uptime."""
        with self._lock:
            calling = {call.task_id for call in self._calls}
            for task_id in self._ours_until.keys() - held - calling:
                if self._ours_until[task_id] < uptime():
                    del self._ours_until[task_id]
            for task_id in held:
                self._ours_until[task_id] = max(until, self._ours_until.get(task_id, until))

    def begin(self, task_id: int) -> None:
        """This process begins to work on the task."""
        self.was_interrupted(task_id)

    def was_interrupted(self, task_id: int) -> bool:
        """Whether somebody asked this process to look if the task should stop. Forgotten when asked: look now."""
        if task_id not in self._interrupted:
            return False
        with self._lock:
            self._interrupted.discard(task_id)
        return True

    def interrupt(self, task_id: int) -> None:
        """The task is to look whether it should stop: what it runs here is halted."""
        with self._lock:
            self._interrupted.add(task_id)
            calls = [call for call in self._calls if call.task_id == task_id]
        for call in calls:
            call.halt.set()

    def park(self) -> None:
        """The process is shutting down: what changes nothing is halted, and nothing new begins."""
        self._parking.set()
        with self._lock:
            calls = [call for call in self._calls if call.is_read]
        for call in calls:
            call.halt.set()

    def _is_late(self, task_id: int) -> bool:
        with self._lock:
            until = self._ours_until.get(task_id)
        return until is not None and uptime() > until
