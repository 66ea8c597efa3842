"""One process works on the tasks of a home and of a database: a lock that is dropped at any death."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text

from bot.errors import NotConfigured
from bot.store.database import Database


class Solitude:
    """Held for the life of the process (notes/engine.md §3.4). Not for NFS."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._files: list[IO[str]] = []
        self._connection: Connection | None = None

    def enter(self) -> None:
        """Raises `NotConfigured` when another process is in this home."""
        self._lock(self._home / "lock", f"on {self._home}")

    def take(self, database: Database) -> None:
        """Raises `NotConfigured` when a process of another home works on this database."""
        if database.is_sqlite:
            self._lock(Path(f"{database.url.database}.lock"), f"with {database.url.database}")
        else:
            self._lock_server(database)

    def leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
        for file in self._files:
            file.close()
        self._connection, self._files = None, []

    def _lock(self, path: Path, where: str) -> None:
        file = path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            file.close()
            raise _not_alone(f"{where} ({holder})") from None
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        self._files.append(file)

    def _lock_server(self, database: Database) -> None:
        """The lock goes with the connection, which stays open and outside of any transaction."""
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if not connection.scalar(text("SELECT pg_try_advisory_lock(hashtext('cowork:workers'))")):
            connection.close()
            raise _not_alone("with this database")
        self._connection = connection


def _not_alone(where: str) -> NotConfigured:
    return NotConfigured(
        f"Cowork is already running {where}. "
        "Stop that one, or give this one a home and a database of its own (COWORK_HOME, COWORK_DATABASE_URL)."
    )
