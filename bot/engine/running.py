"""The tasks that this process is working on, so that a stop reaches them within a second."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.model.wire import Wire


class Running:
    def __init__(self) -> None:
        self._wires: dict[int, Wire] = {}
        self._interrupted: set[int] = set()
        self._lock = threading.Lock()
        self._parking = threading.Event()

    @property
    def is_parking(self) -> bool:
        return self._parking.is_set()

    @contextmanager
    def wire(self, task_id: int) -> Iterator[Wire]:
        """The connection of one model call, open to being cut from outside."""
        wire = Wire()
        with self._lock:
            self._wires[task_id] = wire
        try:
            if self.is_parking:
                wire.cut()
            yield wire
        finally:
            with self._lock:
                self._wires.pop(task_id, None)

    def begin(self, task_id: int) -> None:
        """This process begins to work on the task."""
        with self._lock:
            self._interrupted.discard(task_id)

    def is_interrupted(self, task_id: int) -> bool:
        """Somebody asked this process to look whether the task should stop."""
        return task_id in self._interrupted

    def interrupt(self, task_id: int) -> None:
        """Cut the model call of this task, if one is running here."""
        with self._lock:
            self._interrupted.add(task_id)
            wire = self._wires.get(task_id)
        if wire is not None:
            wire.cut()

    def park(self) -> None:
        """The process is shutting down: cut every model call; no new one begins."""
        self._parking.set()
        with self._lock:
            wires = list(self._wires.values())
        for wire in wires:
            wire.cut()
