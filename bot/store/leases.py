"""Leases: a task that is worked on belongs to a process for as long as that says so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select, update

from bot.domain.task import TaskState
from bot.store.database import made_ready
from bot.store.tables import TaskRow
from bot.store.tasks import is_of


def keep(session: Session, working: Collection[int], *, owner: str, until: datetime) -> dict[int, str]:
    """Prolong those of these that this process holds. Their ids, each with who asked it to stop ("" for nobody).

    What it claimed without hearing so, as its connection broke at the commit, is not kept: that runs out.
    """
    kept = session.exec(
        update(TaskRow)
        .where(
            col(TaskRow.id).in_(working),
            col(TaskRow.state) == TaskState.WORKING,
            col(TaskRow.owner) == owner,
        )
        .values(lease_until=until)
        .returning(col(TaskRow.id), col(TaskRow.stop_by))
    )
    return {task_id: stop_by for task_id, stop_by in kept}


def take_back(session: Session, *, now: datetime) -> list[int]:
    """Tasks whose lease ran out are queued again: their process died, or is too far behind to be waited for.

    One without a lease was held by a process that was alone, and is not any more.
    """
    ran_out = or_(col(TaskRow.lease_until).is_(None), col(TaskRow.lease_until) < now)
    return _requeued(session, now, ran_out, is_of(None))


def take_all_back(session: Session, *, now: datetime, only: int | None = None) -> list[int]:
    """At the start of the only process, whatever was being worked on is nobody's."""
    return _requeued(session, now, is_of(only))


def ready_since(session: Session, *, now: datetime, before: datetime, limit: int) -> list[int]:
    """Tasks that nobody took though they were ready by then: their hint was lost, or nobody was free."""
    rested = (col(TaskRow.state) == TaskState.PAUSED) & (col(TaskRow.not_before) <= now)
    waited = (col(TaskRow.state) == TaskState.QUEUED) & (col(TaskRow.queued_at) <= before)
    query = select(TaskRow.id).where(or_(rested, waited), is_of(None)).order_by(col(TaskRow.queued_at))
    return [task_id for task_id in session.exec(query.limit(limit)) if task_id is not None]


def _requeued(session: Session, now: datetime, *which: Any) -> list[int]:
    """But for those that a transaction holds at this moment: nobody waits for a process that stands still in one."""
    theirs = select(TaskRow.id).where(col(TaskRow.state) == TaskState.WORKING, *which)
    freed = session.exec(
        update(TaskRow)
        .where(col(TaskRow.id).in_(theirs.with_for_update(skip_locked=True)))
        .values(
            state=TaskState.QUEUED,
            owner="",
            lease_until=None,
            epoch=TaskRow.epoch + 1,
            crashes=TaskRow.crashes + 1,
            queued_at=now,
        )
        .returning(col(TaskRow.id))
    )
    ids = [task_id for (task_id,) in freed]
    for task_id in ids:
        made_ready(session, task_id)
    return ids
