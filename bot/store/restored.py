"""A database brought back from a backup: what happened after it was made is not in it, though it did happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select, update

from bot.domain.task import TaskState
from bot.store import outbox
from bot.store.calls import CallState
from bot.store.outbox import PostKind
from bot.store.tables import CallRow, OutboxRow, TaskRow

_OVER = [state.value for state in TaskState if state.is_over]
CHECKPOINT = "checkpoint"
_AT_WORK = (TaskState.QUEUED, TaskState.WORKING)


@dataclass(frozen=True, kw_only=True)
class Settled:
    """How many tasks there are, how many were paused, and how many wait for a person."""

    tasks: int
    paused: int
    waiting: int


def settle(session: Session, *, note: str, for_waiting: str, now: datetime) -> Settled:
    """Nothing goes on by itself, and nothing is posted twice.

    A task that would have gone on may have done so: it is paused with `note`, and its thread is told. What waits for a
    person may have been decided: its thread is told `for_waiting`. A message that was to be posted may stand there:
    it is looked for first. What is shown of an open task is drawn anew.
    """
    paused = session.exec(
        update(TaskRow)
        .where(or_(col(TaskRow.state).in_(_AT_WORK), col(TaskRow.not_before).is_not(None)))
        .values(
            state=TaskState.PAUSED,
            note=note,
            owner="",
            not_before=None,
            lease_until=None,
            epoch=TaskRow.epoch + 1,
        )
    ).rowcount
    _look_before_running(session, now)
    _look_before_posting(session, now)
    tasks = session.exec(select(TaskRow.id, TaskRow.state)).all()
    for task_id, state in tasks:
        if task_id is not None and state not in _OVER:
            _show_again(session, task_id)
            told = for_waiting if state == TaskState.WAITING else note
            outbox.want(session, PostKind.NOTE, task_id, told, now=now)
    waiting = sum(state == TaskState.WAITING for _, state in tasks)
    return Settled(tasks=len(tasks), paused=paused, waiting=waiting)


def _look_before_running(session: Session, now: datetime) -> None:
    """What was approved and had not run may have run since: it is looked up, or put to a person."""
    session.exec(
        update(CallRow)
        .where(col(CallRow.state) == CallState.APPROVED, col(CallRow.tool) != CHECKPOINT)
        .values(state=CallState.BEGUN, begun_at=now)
    )


def _look_before_posting(session: Session, now: datetime) -> None:
    begun = select(TaskRow.created_at).where(TaskRow.id == OutboxRow.task_id).scalar_subquery()
    session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.ts).is_(None), col(OutboxRow.wanted) > col(OutboxRow.sent))
        .values(is_unknown=True, started_at=begun, next_at=now)
    )


def _show_again(session: Session, task_id: int) -> None:
    session.exec(
        update(OutboxRow)
        .where(
            col(OutboxRow.task_id) == task_id,
            col(OutboxRow.ts).is_not(None),
            col(OutboxRow.kind).in_((PostKind.CARD, PostKind.APPROVAL)),
        )
        .values(wanted=OutboxRow.wanted + 1)
    )
