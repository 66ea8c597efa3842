"""Tasks that pause because a service is out, and go on when it answers again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, bindparam, col, or_, select, update

from bot.domain import connected
from bot.domain.task import TaskState
from bot.store.database import made_ready
from bot.store.tables import TASK, TaskRow

_APART = timedelta(seconds=0.2)

_GOES_ON = (
    update(TASK)
    .where(TASK.c.id == bindparam("task"), TASK.c.state == TaskState.PAUSED)
    .values(not_before=bindparam("at"))
)
_SOONER = _GOES_ON.where(TASK.c.not_before > bindparam("at"))


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


def is_for_sign_in(session: Session, task_id: int) -> bool:
    """Whether what it pauses for is a sign-in."""
    waits_for = session.exec(select(TaskRow.waits_for).where(TaskRow.id == task_id)).first() or ""
    return waits_for.startswith(f"{connected.SIGN_IN}:")


def signed_in(session: Session, *, team: str, owner: str, plugin: str, now: datetime) -> list[int]:
    """What pauses for this sign-in goes on now; what waits for a person's may do with the team's. Their ids."""
    waits_for = col(TaskRow.waits_for)
    is_it = waits_for == connected.waits_for(team, owner, plugin)
    if owner == connected.TEAM:
        begin, end = connected.waits_for(team, "*", plugin).split("*")
        is_it = or_(
            is_it, waits_for.startswith(begin, autoescape=True) & waits_for.endswith(end, autoescape=True)
        )
    paused = select(TaskRow.id).where(TaskRow.state == TaskState.PAUSED, is_it).order_by(col(TaskRow.id))
    ids = [one for one in session.exec(paused) if one is not None]
    if ids:
        session.exec(
            _GOES_ON, params=[{"task": one, "at": now + _APART * number} for number, one in enumerate(ids)]
        )
        made_ready(session, ids[0])
    return ids
