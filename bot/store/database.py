"""The database: short write units one after another, reads beside them; SQLite by default, PostgreSQL by its URL."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from bot.errors import DatabaseOut

__all__ = ["Database", "Session"]

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=10000",
    "PRAGMA foreign_keys=ON",
)
_POSTGRES_LIMITS = (
    "-c idle_in_transaction_session_timeout=10s -c lock_timeout=5s -c statement_timeout=30s -c timezone=UTC"
)


class Database:
    """`write()` and `read()` give a session; the block is one transaction, committed at its end.

    On SQLite write units begin with the write lock and take turns on an in-process lock: without it
    a thread can starve for seconds (notes/engine.md §2.3). The steps of tasks queue for `crowd` before they write:
    so a person's word waits for one step at the lock, and not for those of every worker.
    """

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url) if self.is_sqlite else _postgres(self.url)
        self._writing = self.engine.execution_options(begin="IMMEDIATE")
        self._turn: contextlib.AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite else contextlib.nullcontext()
        )
        self.crowd: contextlib.AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite else contextlib.nullcontext()
        )

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """A unit that changes rows. Keep it short, and never call the network inside. Raises `DatabaseOut`."""
        with _told(), self._turn, Session(self._writing) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """Raises `DatabaseOut`."""
        with _told(), Session(self.engine) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What passes by itself (no answer, a lock held too long, a full disk, a deadlock) is sorted as such."""
    try:
        yield
    except OperationalError as error:
        raise DatabaseOut(f"the database did not take it ({error.orig})", retry_after=1) from error


def _postgres(url: URL) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=10,
        connect_args={"connect_timeout": 5, "options": _POSTGRES_LIMITS},
    )


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False}, pool_size=20, max_overflow=30)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        kind = connection.get_execution_options().get("begin", "")
        connection.connection.driver_connection.execute(f"BEGIN {kind}")

    return engine
