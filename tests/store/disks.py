"""A disk that is full for one database: SQLite itself refuses to grow the file, as it does on a real one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from bot.store.database import Database

_ENDLESS = 2**31


class Disk:
    """Under a SQLite database: every connection is told how many pages there is room for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pages = _ENDLESS
        self._refusals = 0

        @event.listens_for(database.engine, "checkout")
        def _limit(connection: Any, *_: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {self._pages}")

        @event.listens_for(database.engine, "handle_error")
        def _refused(_: object) -> None:
            self._refusals -= 1
            if self._refusals == 0:
                self.make_room()

    def fill(self, refusals: int = 0) -> None:
        """Nothing that needs another page can be written from here on, or so often."""
        self._refusals = refusals
        with self._database.read() as session:
            session.connection().exec_driver_sql("PRAGMA incremental_vacuum")
            self._pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()

    def make_room(self) -> None:
        self._pages = _ENDLESS
