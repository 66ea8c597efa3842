"""Notices between processes: the bell rings, and a stop is heard, in all of them within milliseconds.

They are hints (PostgreSQL's NOTIFY, which keeps nothing for who is away): the truth is in the rows, and is read
again at every write of a worker and every beat of its heart.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

import psycopg
from sqlalchemy.engine import URL

from bot.engine.bell import Bell

_CHANNEL = "cowork"
_RING = "ring"
_PAUSE = 0.05
_LOOK = 1.0
_AGAIN = 2.0

logger = logging.getLogger(__name__)


class Notices:
    """Two threads: one tells what happened here, one hears what happened elsewhere. `name` is this process."""

    def __init__(self, url: URL, *, name: str, bell: Bell, interrupt: Callable[[int], None]) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._name = name
        self._bell = bell
        self._interrupt = interrupt
        self._stops: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._kept_up, args=(work,), name=f"notices-{what}", daemon=True)
            for what, work in (("out", self._tell), ("in", self._hear))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._bell.ring()
        for thread in self._threads:
            thread.join(5)

    def interrupt(self, task_id: int) -> None:
        """Whoever works on this task is to look whether it should stop: this process, or another."""
        self._interrupt(task_id)
        self._stops.put(task_id)
        self._bell.ring()

    def _kept_up(self, work: Callable[[psycopg.Connection], None]) -> None:
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._address, autocommit=True, connect_timeout=5) as connection:
                    self._bell.echo()
                    work(connection)
            except psycopg.Error as error:
                logger.warning("the other processes cannot be heard: %s", error)
                self._stopping.wait(_AGAIN)

    def _tell(self, connection: psycopg.Connection) -> None:
        """Many rings in a short time are one notice."""
        seen = -1
        while not self._stopping.is_set():
            rung = self._bell.wait_own(seen, _LOOK)
            if rung != seen:
                seen = rung
                for notice in [_RING, *self._asked_to_stop()]:
                    connection.execute("SELECT pg_notify(%s, %s)", (_CHANNEL, f"{self._name} {notice}"))
                self._stopping.wait(_PAUSE)

    def _asked_to_stop(self) -> list[str]:
        return [str(self._stops.get()) for _ in range(self._stops.qsize())]

    def _hear(self, connection: psycopg.Connection) -> None:
        connection.execute(f"LISTEN {_CHANNEL}")
        while not self._stopping.is_set():
            for notice in connection.notifies(timeout=_LOOK):
                self._heard(notice.payload)

    def _heard(self, payload: str) -> None:
        name, _, what = payload.partition(" ")
        if name == self._name:
            return
        if what.isdigit():
            self._interrupt(int(what))
        self._bell.echo()
