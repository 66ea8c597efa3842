"""One process, or one fleet, works on the tasks of a home and of a database: a lock dropped at any death."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseOut, NotConfigured
from bot.store import postgres
from bot.store.database import Database

_MINE = text("SELECT pid, backend_start AS since FROM pg_stat_activity WHERE pid = pg_backend_pid()")
_END = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = :pid AND backend_start = :since"
)
_UNLOCK = text("SELECT pg_advisory_unlock_all()")


class Solitude:
    """Held for the life of the process (notes/engine.md §3.4). Not for NFS."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._files: list[IO[str]] = []
        self._connection: Connection | None = None
        self._backend: dict[str, Any] = {}
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
            try:
                self._retake()
            except DBAPIError as error:
                raise DatabaseOut(f"the database did not let us in again ({error.orig})") from error

    def leave(self) -> None:
        """Also when the server is gone: then it has dropped the lock by itself, as it does a while after a death."""
        if self._connection is not None:
            with contextlib.suppress(DBAPIError):
                self._connection.execute(_UNLOCK)
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
        connection = postgres.reading(database.engine).connect()
        lock = "pg_try_advisory_lock_shared" if together else "pg_try_advisory_lock"
        is_there_still = self._backend and connection.scalar(_END, self._backend) is not None
        if not connection.scalar(text(f"SELECT {lock}(hashtext('cowork:workers'))")):
            connection.close()
            # It may be our own connection of before that holds the lock, until it has ended.
            if is_there_still:
                raise DatabaseOut("the database has not ended our lost connection yet")
            raise _not_alone("with this database")
        self._connection = connection
        self._backend = dict(connection.execute(_MINE).mappings().one())


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
