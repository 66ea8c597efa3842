"""Stops of tasks that nobody works on: they end where the stop is taken, and wait for no free worker."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select, update

from bot.domain.task import Task, TaskState
from bot.store.from_row import as_task
from bot.store.tables import TaskRow

_UNWORKED = (TaskState.QUEUED, TaskState.WAITING, TaskState.PAUSED)
_LEFT_BEHIND = (col(TaskRow.stop_by) != "", col(TaskRow.state).in_(_UNWORKED))


def end(session: Session, task_id: int, *, by: str, note: str, now: datetime) -> bool:
    """Stopped from here on; False when somebody works on it, or when it is over already."""
    ended = session.exec(
        update(TaskRow)
        .where(col(TaskRow.id) == task_id, col(TaskRow.state).in_(_UNWORKED))
        .values(
            state=TaskState.STOPPED,
            stop_by=by,
            note=note,
            reference="",
            wake=TaskRow.wake + 1,
            not_before=None,
            waits_for="",
            started_at=func.coalesce(TaskRow.started_at, now),
            ended_at=now,
        )
    )
    return bool(ended.rowcount)


def left_behind(session: Session, *, limit: int) -> list[int]:
    """Asked to stop while somebody worked on them who does so no more. A look without a lock."""
    query = select(TaskRow.id).where(*_LEFT_BEHIND).order_by(col(TaskRow.id)).limit(limit)
    return [task_id for task_id in session.exec(query) if task_id is not None]


def still_left_behind(session: Session, task_id: int) -> Task | None:
    """Nobody else changes it until the commit; None when it is not so any more, or somebody changes it now."""
    query = select(TaskRow).where(col(TaskRow.id) == task_id, *_LEFT_BEHIND)
    row = session.exec(query.with_for_update(skip_locked=True)).first()
    return None if row is None else as_task(row)
