"""Hints of the fleet: Procrastinate carries "this task can be advanced" to a process with a free worker.

A hint may be lost, doubled, early or late: the truth is the task's row, and whoever is hinted at claims it there.
Hence no locks, no retries and no results of Procrastinate's (notes/engine.md §1, traps 1 to 4).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any

import procrastinate
from sqlalchemy import text
from sqlalchemy.engine import URL

from bot.store.database import Session

ADVANCE = "cowork.advance"

_DEAD = text(
    "DELETE FROM procrastinate_jobs WHERE status = 'doing' AND worker_id IS NULL AND task_name = :name"
)
_WAITING = text("SELECT 1 FROM procrastinate_jobs WHERE status = 'todo' AND task_name = :name LIMIT 1")


class Hints:
    """Handed out in the transaction that makes a task ready: no commit, no hint."""

    def __init__(self) -> None:
        self._app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())

    def hand_out(self, session: Session, ready: Collection[int]) -> None:
        """`Database.dispatch` of a fleet. Never opened, the app only writes on our connection."""
        connection = session.connection().connection.driver_connection
        for task_id in sorted(ready):
            self._app.configure_task(ADVANCE, connection=connection).defer(task_id=task_id)

    def are_waiting(self, session: Session) -> bool:
        """Hints that no worker has taken yet: more of them would not help."""
        return session.execute(_WAITING, {"name": ADVANCE}).first() is not None

    def forget_dead(self, session: Session) -> None:
        """Hints that a process took with it when it died; their tasks are found by their leases."""
        session.execute(_DEAD, {"name": ADVANCE})


def heard_by(url: URL, advance: Callable[[int], Awaitable[None]]) -> procrastinate.App:
    """The app whose worker awaits `advance` with the task of each hint."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connector = procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=4)
    app = procrastinate.App(connector=connector)

    async def hinted(task_id: int) -> None:
        await advance(task_id)

    app.task(name=ADVANCE)(hinted)
    return app


def options(workers: int) -> dict[str, Any]:
    """How its worker runs. The polls find what PostgreSQL did not notify of."""
    return {
        "concurrency": workers,
        "fetch_job_polling_interval": 1.0,
        "delete_jobs": "always",
        "install_signal_handlers": False,
        "shutdown_graceful_timeout": None,
    }
