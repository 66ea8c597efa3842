"""One table of steps, in a SQLite file or on PostgreSQL: as little as keeps a step."""

from __future__ import annotations

import sqlite3
from typing import Any

POSTGRES = "postgresql://"


class Shelf:
    """`store` is a path of a SQLite file or a `postgresql://` address. Each `put` is one commit."""

    def __init__(self, store: str) -> None:
        self._is_postgres = store.startswith(POSTGRES)
        self._connection: Any = _postgres(store) if self._is_postgres else _sqlite(store)

    def put(self, task: str, content: str) -> None:
        self._run("INSERT INTO step (task, content) VALUES (?, ?)", task, content)

    def of(self, task: str) -> list[str]:
        rows = self._run("SELECT content FROM step WHERE task = ? ORDER BY id", task)
        return [content for (content,) in rows.fetchall()]

    def close(self) -> None:
        self._connection.close()

    def _run(self, statement: str, *values: str) -> Any:
        return self._connection.execute(
            statement.replace("?", "%s") if self._is_postgres else statement, values
        )


def _sqlite(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    columns = "id INTEGER PRIMARY KEY, task TEXT NOT NULL, content TEXT NOT NULL"
    connection.execute(f"CREATE TABLE IF NOT EXISTS step ({columns})")
    connection.execute("CREATE INDEX IF NOT EXISTS step_of_task ON step (task)")
    return connection


def _postgres(address: str) -> Any:
    import psycopg

    connection = psycopg.connect(address, autocommit=True)
    connection.execute("SELECT pg_advisory_lock(1)")
    columns = "id BIGSERIAL PRIMARY KEY, task TEXT NOT NULL, content TEXT NOT NULL"
    connection.execute(f"CREATE TABLE IF NOT EXISTS step ({columns})")
    connection.execute("CREATE INDEX IF NOT EXISTS step_of_task ON step (task)")
    connection.execute("SELECT pg_advisory_unlock(1)")
    return connection
