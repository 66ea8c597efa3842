"""The database: short write units one after another, reads beside them; SQLite by default, PostgreSQL by its URL."""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from bot import crossing
from bot.domain.veil import Veil
from bot.errors import DatabaseOut
from bot.store import address, postgres

__all__ = ["Database", "Dispatch", "Session", "made_ready", "veiled"]

Dispatch = Callable[[Session, Collection[int]], None]

_READY = "cowork.ready"
_VEIL = "cowork.veil"
_PASSING = re.compile("08|25|40|53|55|57")
"""Classes of SQLSTATE: no connection, a transaction that cannot be, a rollback, no room, in use, an operator."""

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=10000",
    "PRAGMA foreign_keys=ON",
)
_PLAINLY = {
    "database or disk is full": "its disk is full",
    "disk I/O error": "its disk cannot be written or read",
    "attempt to write a readonly database": "it may only be read: look at the rights of the file and its disk",
    "unable to open database file": "its file cannot be opened: look at the rights of the file and its folder",
}


def made_ready(session: Session, task_id: int) -> None:
    """This task can be worked on from the commit on: whoever dispatches is told within the transaction."""
    session.info.setdefault(_READY, set()).add(task_id)


def veiled(session: Session, value: Any) -> Any:
    """A plain value as it may be told: what the process knows to be secret, or looks like it, is hidden."""
    veil: Veil = session.info.get(_VEIL) or Veil()
    return veil.masked_in(value)


class Database:
    """`write()` and `read()` give a session; the block is one transaction, committed at its end.

    On SQLite write units begin with the write lock and take turns on an in-process lock: without it
    a thread can starve for seconds (notes/engine.md §2.3). The steps of tasks queue for `crowd` before they write:
    so a person's word waits for one step at the lock, and not for those of every worker.
    `veil` hides secrets in what is told (`veiled`). `dispatch` hears, in the transaction, of tasks that became ready;
    a fleet hands out hints there.
    An address that cannot be used raises `NotConfigured` at once.
    """

    def __init__(self, url: str | URL) -> None:
        self.url = address.known(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url)
        self.veil = Veil()
        self.dispatch: Dispatch = lambda session, ready: None
        self._writing = self.engine.execution_options(begin="IMMEDIATE")
        self._reading = self.engine if self.is_sqlite else postgres.reading(self.engine)
        self._turn: contextlib.AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite else contextlib.nullcontext()
        )
        self.crowd: contextlib.AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite else contextlib.nullcontext()
        )

    @contextlib.contextmanager
    def write(self, name: str) -> Iterator[Session]:
        """A unit that changes rows. Keep it short, and never call the network inside. Raises `DatabaseOut`."""
        with (
            self._told(),
            crossing.watched(name),
            self._turn,
            Session(self._writing, info={_VEIL: self.veil}) as session,
            session.begin(),
        ):
            yield session
            if ready := session.info.pop(_READY, None):
                self.dispatch(session, ready)
            crossing.reached(name)
        crossing.reached(f"{name}.done")

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """Raises `DatabaseOut`."""
        with self._told(), Session(self._reading) as session:
            yield session

    def trouble(self) -> str:
        """Why it does not answer now, "" when it does."""
        try:
            with self.read() as session:
                session.connection().exec_driver_sql("SELECT 1")
        except DatabaseOut as out:
            return str(out)
        return ""

    def close(self) -> None:
        self.engine.dispose()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """What passes by itself (no answer, a lock held too long, a full disk, a deadlock) is sorted as such."""
        try:
            yield
        except (DBAPIError, NoConnection, self.engine.dialect.loaded_dbapi.Error) as error:
            if not _passes(error):
                raise
            raise DatabaseOut(f"the database did not take it ({_why(error)})", retry_after=1) from error


def _passes(error: Exception) -> bool:
    """Also PostgreSQL that takes no writes for now (a failover), or ended what stood still in a transaction."""
    if isinstance(error, OperationalError | NoConnection) or getattr(error, "connection_invalidated", False):
        return True
    cause = getattr(error, "orig", error)
    return (
        type(cause).__name__ == "OperationalError"
        or _PASSING.match(getattr(cause, "sqlstate", "") or "") is not None
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _why(error: Exception) -> str:
    """The driver's word for it, or what it means where that is not plain."""
    said = str(getattr(error, "orig", error))
    return _PLAINLY.get(said, said)


def _engine(url: URL) -> Engine:
    try:
        return _sqlite(url) if url.get_backend_name() == "sqlite" else postgres.engine(url)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise address.driverless(url, error) from error


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False}, pool_size=20, max_overflow=30)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        connection.create_function("sha256", 1, _sha256, deterministic=True)
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        kind = connection.get_execution_options().get("begin", "")
        connection.connection.driver_connection.execute(f"BEGIN {kind}")

    return engine
