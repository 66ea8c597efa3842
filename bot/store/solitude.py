"""One process, or one fleet, works on the tasks of a home and of a database: a lock dropped at any death."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.errors import NotConfigured
from bot.store.database import Database


class Solitude:
    """Held for the life of the process (notes/engine.md §3.4). Not for NFS."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._files: list[IO[str]] = []
        self._connection: Connection | None = None
        self._retake: Callable[[], None] | None = None

    def enter(self, *, together: bool = False) -> None:
        """`together`: beside others of a fleet. Raises `NotConfigured` when the home is taken otherwise."""
        self._lock(self._home / "lock", f"on {self._home}", together=together)

    def take(self, database: Database, *, together: bool = False) -> None:
        """Raises `NotConfigured` when a process of another home works on this database."""
        if database.is_sqlite:
            self._lock(Path(f"{database.url.database}.lock"), f"with {database.url.database}")
        else:
            self._retake = partial(self._lock_server, database, together=together)
            self._retake()

    def stay(self) -> None:
        """The server's lock goes with its connection: when that was lost, it is taken again.

        Raises `NotConfigured` when somebody else came in meanwhile, and `DatabaseOut`.
        """
        if self._connection is not None and not _is_open(self._connection):
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
        if self._connection is None and self._retake is not None:
            self._retake()

    def leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
        for file in self._files:
            file.close()
        self._connection, self._files = None, []

    def _lock(self, path: Path, where: str, *, together: bool = False) -> None:
        file = path.open("a+")
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if together else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            file.close()
            raise _not_alone(f"{where} ({holder})") from None
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        self._files.append(file)

    def _lock_server(self, database: Database, *, together: bool) -> None:
        """The lock goes with the connection, which stays open and outside of any transaction."""
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        lock = "pg_try_advisory_lock_shared" if together else "pg_try_advisory_lock"
        if not connection.scalar(text(f"SELECT {lock}(hashtext('cowork:workers'))")):
            connection.close()
            raise _not_alone("with this database")
        self._connection = connection


def _is_open(connection: Connection) -> bool:
    try:
        connection.execute(text("SELECT 1"))
    except DBAPIError:
        return False
    return True


def _not_alone(where: str) -> NotConfigured:
    return NotConfigured(
        f"Cowork is already running {where}. "
        "Stop that one, or give this one a home and a database of its own (COWORK_HOME, COWORK_DATABASE_URL)."
    )
