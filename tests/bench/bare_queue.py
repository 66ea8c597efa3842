"""The floor of a queue on PostgreSQL: a row, a NOTIFY, and one conditional update by whoever listens."""

from __future__ import annotations

import queue
import threading
import time

import psycopg

_TABLE = "CREATE TABLE IF NOT EXISTS waiting (id BIGSERIAL PRIMARY KEY, taken BOOLEAN NOT NULL DEFAULT false)"
_TAKE = """
UPDATE waiting SET taken = true
WHERE id = (SELECT id FROM waiting WHERE NOT taken ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id
"""
PATIENCE = 30.0


class Front:
    def __init__(self, store: str) -> None:
        self._connection = psycopg.connect(store)
        self._connection.execute(_TABLE)
        self._connection.commit()

    def put(self, task: str) -> float:
        """The moment (`time.monotonic`) at which it stood in the queue."""
        del task
        self._connection.execute("INSERT INTO waiting DEFAULT VALUES")
        self._connection.execute("NOTIFY waiting")
        self._connection.commit()
        return time.monotonic()


class Worker:
    def __init__(self, store: str) -> None:
        self._connection = psycopg.connect(store, autocommit=True)
        self._connection.execute(_TABLE)
        self._connection.execute("LISTEN waiting")
        self._moments: queue.SimpleQueue[float] = queue.SimpleQueue()

    def watch(self, point: str) -> None:
        del point
        threading.Thread(target=self._work, daemon=True).start()

    def next(self) -> float:
        return self._moments.get(timeout=PATIENCE)

    def _work(self) -> None:
        for _ in self._connection.notifies():
            with psycopg.connect(self._connection.info.dsn, autocommit=True) as taking:
                if taking.execute(_TAKE).fetchone():
                    self._moments.put(time.monotonic())
