"""A seat: what exactly one process of the fleet does, such as announcing in Slack or watching the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.engine.running import SURE
from bot.store import seats
from bot.store.database import Database


class Seat:
    """Ours from a renewal on until two thirds of its time have passed, by a clock that runs on in a pause."""

    def __init__(
        self, name: str, database: Database, *, holder: str, seconds: float, elapsed: Callable[[], float]
    ) -> None:
        self._name = name
        self._database = database
        self._holder = holder
        self._seconds = seconds
        self._elapsed = elapsed
        self._sure_until = 0.0

    def is_ours(self) -> bool:
        return self._elapsed() < self._sure_until

    def renew(self, now: datetime) -> None:
        """Take it if it is free, keep it if it is ours. Raises `DatabaseOut`."""
        asked = self._elapsed()
        until = now + timedelta(seconds=self._seconds)
        with self._database.write("fleet.seat") as session:
            is_ours = seats.take(session, self._name, holder=self._holder, now=now, until=until)
        self._sure_until = asked + self._seconds * SURE if is_ours else 0.0

    def leave(self) -> None:
        """Somebody else may take it at once. Raises `DatabaseOut`."""
        self._sure_until = 0.0
        with self._database.write("fleet.leave") as session:
            seats.leave(session, self._holder)
