"""Messages that stand in Slack: cards whose clock runs on, threads that were lost, places that open up again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select, update

from bot.domain.task import TaskState
from bot.store.outbox import PostKind
from bot.store.tables import OutboxRow, TaskRow


def next_at(session: Session, kinds: Collection[PostKind]) -> datetime | None:
    """When the next message of these kinds can be sent; what waits for its thread does not count."""
    query = (
        select(func.min(OutboxRow.next_at))
        .join(TaskRow, col(TaskRow.id) == col(OutboxRow.task_id))
        .where(
            col(OutboxRow.kind).in_(kinds),
            col(OutboxRow.wanted) > col(OutboxRow.sent),
            OutboxRow.blocked == "",
            or_(col(TaskRow.thread).is_not(None), OutboxRow.kind == PostKind.CARD),
        )
    )
    return session.exec(query).one()


def cards_at_work(session: Session) -> int:
    """How many cards show a task that is being worked on."""
    query = select(func.count()).select_from(OutboxRow).where(*_at_work())
    return session.exec(query).one()


def stale_cards(session: Session, *, before: datetime) -> list[str]:
    """Keys of cards of working tasks that were last drawn before this moment."""
    query = select(OutboxRow.key).where(*_at_work(), col(OutboxRow.next_at) <= before)
    return list(session.exec(query))


def redraw(session: Session, keys: Collection[str]) -> None:
    """Draw these messages again, though there is no news."""
    session.exec(update(OutboxRow).where(col(OutboxRow.key).in_(keys)).values(wanted=OutboxRow.wanted + 1))


def has_unsent_files(session: Session, task_id: int) -> bool:
    query = select(OutboxRow.id).where(
        OutboxRow.task_id == task_id,
        OutboxRow.kind == PostKind.FILE,
        col(OutboxRow.wanted) > col(OutboxRow.sent),
        OutboxRow.blocked == "",
    )
    return session.exec(query.limit(1)).first() is not None


def is_blocked(session: Session, task_id: int) -> bool:
    """Whether Slack already refused a message of this task."""
    query = select(OutboxRow.id).where(OutboxRow.task_id == task_id, OutboxRow.blocked != "")
    return session.exec(query.limit(1)).first() is not None


def uproot(
    session: Session, task_id: int, *, again: Collection[str], now: datetime, channel: str | None = None
) -> None:
    """The thread is gone: the card begins a new one (in `channel`), and these messages are posted there again."""
    moved = {"thread": None} if channel is None else {"thread": None, "channel": channel}
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(**moved))
    unblock(session, task_id, now=now)
    session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.key).in_([f"{PostKind.CARD}:{task_id}", *again]))
        .values(ts=None, sent=0, attempt=0, is_unknown=False)
    )


def unblock(session: Session, task_id: int, *, now: datetime) -> None:
    """Slack takes its messages again."""
    session.exec(
        update(OutboxRow).where(col(OutboxRow.task_id) == task_id).values(blocked="", attempt=0, next_at=now)
    )


def blocked_tasks(session: Session, team: str, channel: str) -> list[int]:
    """The tasks of a channel that have messages which Slack refused."""
    query = (
        select(OutboxRow.task_id)
        .join(TaskRow, col(TaskRow.id) == col(OutboxRow.task_id))
        .where(TaskRow.team == team, TaskRow.channel == channel, OutboxRow.blocked != "")
        .distinct()
    )
    return list(session.exec(query))


def _at_work() -> tuple[ColumnElement[bool], ...]:
    working = select(TaskRow.id).where(TaskRow.state == TaskState.WORKING)
    return (
        col(OutboxRow.kind) == PostKind.CARD,
        col(OutboxRow.ts).is_not(None),
        col(OutboxRow.wanted) == col(OutboxRow.sent),
        col(OutboxRow.blocked) == "",
        col(OutboxRow.task_id).in_(working),
    )
