"""Messages that stand in Slack: cards whose clock runs on, threads that were lost, places that open up again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select, update

from bot.domain.person import Place
from bot.domain.task import TaskState
from bot.store.outbox import PostKind, to_send
from bot.store.tables import OutboxRow, TaskRow

_OVER = [state.value for state in TaskState if state.is_over]


def next_at(session: Session, kinds: Collection[PostKind]) -> datetime | None:
    """When the next message of these kinds can be sent; what waits for its thread does not count."""
    query = (
        select(func.min(OutboxRow.next_at))
        .join(TaskRow, col(TaskRow.id) == col(OutboxRow.task_id))
        .where(col(OutboxRow.kind).in_(kinds), *to_send())
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


def redraw(session: Session, keys: Collection[str], *, at: datetime | None = None) -> None:
    """Draw these messages again, though there is no news; `at` this moment at the soonest."""
    later = {} if at is None else {"next_at": at}
    these = update(OutboxRow).where(col(OutboxRow.key).in_(keys))
    session.exec(these.values(wanted=OutboxRow.wanted + 1, **later))


def sign_ins(session: Session, tasks: Collection[int]) -> list[str]:
    """Keys of what asks people to sign in, in the threads of these tasks."""
    asking = select(OutboxRow.key).where(
        col(OutboxRow.task_id).in_(tasks), OutboxRow.kind == PostKind.SIGN_IN
    )
    return list(session.exec(asking))


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
    """The thread is gone: the card begins a new one (in `channel`), and these messages are posted there again.

    A send that is under way belongs to the old thread: it is nobody's any more.
    """
    moved = {"thread": None} if channel is None else {"thread": None, "channel": channel}
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(**moved))
    of_task = update(OutboxRow).where(col(OutboxRow.task_id) == task_id)
    session.exec(of_task.values(blocked="", attempt=OutboxRow.attempt + 1, next_at=now))
    session.exec(of_task.where(col(OutboxRow.ts).is_(None)).values(is_unknown=False))
    session.exec(
        of_task.where(col(OutboxRow.key).in_([f"{PostKind.CARD}:{task_id}", *again])).values(
            ts=None, wanted=OutboxRow.wanted + 1, is_unknown=False
        )
    )


def may_stand(session: Session, task_id: int) -> list[str]:
    """Keys of messages that were posted, or not: their fate is unknown."""
    query = select(OutboxRow.key).where(
        OutboxRow.task_id == task_id, col(OutboxRow.ts).is_(None), col(OutboxRow.is_unknown)
    )
    return list(session.exec(query))


def unblock(session: Session, task_id: int, *, now: datetime) -> None:
    """Slack takes its messages again."""
    session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.task_id) == task_id, col(OutboxRow.blocked) != "")
        .values(blocked="", next_at=now)
    )


def is_rooted_in(session: Session, task_id: int, place: Place, *, locked: bool = False) -> bool:
    """`locked`: it stays so until the commit."""
    query = select(TaskRow.id).where(
        TaskRow.id == task_id, TaskRow.channel == place.channel, TaskRow.thread == place.thread
    )
    return session.exec(query.with_for_update() if locked else query).first() is not None


def is_shown_in(session: Session, task_id: int, channel: str) -> bool:
    query = select(TaskRow.id).where(TaskRow.id == task_id, TaskRow.channel == channel)
    return session.exec(query.with_for_update()).first() is not None


def rooted_in(session: Session, place: Place) -> list[int]:
    """The tasks of this thread that still have something to show there: they go on, or are not told yet."""
    has_news = select(OutboxRow.task_id).where(
        col(OutboxRow.wanted) > col(OutboxRow.sent), OutboxRow.kind != PostKind.CARD
    )
    query = select(TaskRow.id).where(
        TaskRow.team == place.team,
        TaskRow.channel == place.channel,
        TaskRow.thread == place.thread,
        or_(col(TaskRow.state).not_in(_OVER), col(TaskRow.id).in_(has_news)),
    )
    return [found for found in session.exec(query) if found is not None]


def task_shown_by(session: Session, place: Place, ts: str, key: str) -> int | None:
    """The task that a message of ours is about, by its ts or (before we have heard of that) by its key."""
    query = (
        select(TaskRow.id)
        .join(OutboxRow, col(OutboxRow.task_id) == col(TaskRow.id))
        .where(TaskRow.team == place.team, TaskRow.channel == place.channel)
        .where(or_(OutboxRow.ts == ts, OutboxRow.key == key))
        .order_by(col(TaskRow.id).desc())
        .limit(1)
    )
    return session.exec(query).first()


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
