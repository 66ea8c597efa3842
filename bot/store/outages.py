"""Tasks that pause because a service is out, and go on when it answers again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, bindparam, col, select, update

from bot.domain.task import TaskState
from bot.store.database import made_ready
from bot.store.tables import TASK, TaskRow

_APART = timedelta(seconds=0.2)

_SOONER = (
    update(TASK)
    .where(
        TASK.c.id == bindparam("task"),
        TASK.c.state == TaskState.PAUSED,
        TASK.c.not_before > bindparam("at"),
    )
    .values(not_before=bindparam("at"))
)


def over(session: Session, service: str, *, now: datetime) -> int:
    """What pauses for this service goes on now, one task shortly after another. How many tasks that were.

    Those that have stopped trying are left to a person.
    """
    waiting = (
        select(TaskRow.id)
        .where(TaskRow.state == TaskState.PAUSED, TaskRow.waits_for == service, col(TaskRow.not_before) > now)
        .order_by(col(TaskRow.not_before), col(TaskRow.id))
    )
    ids = session.exec(waiting).all()
    if ids:
        session.exec(
            _SOONER, params=[{"task": one, "at": now + _APART * number} for number, one in enumerate(ids)]
        )
        made_ready(session, ids[0] or 0)
    return len(ids)
