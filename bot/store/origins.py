"""Where a task was shown before it went on with its requester alone, and what a person lets be seen there again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select, update

from bot.domain.person import Place
from bot.domain.task import Task
from bot.store import outbox
from bot.store.origin_table import OriginRow
from bot.store.outbox import PostKind
from bot.store.tables import OutboxRow


def of_task(session: Session, task: Task) -> Place | None:
    """None for a task that is still shown where it began."""
    row = session.exec(select(OriginRow).where(OriginRow.task_id == task.id)).first()
    return None if row is None else replace(task.place, channel=row.channel, thread=row.thread)


def card_in(session: Session, task_id: int) -> str | None:
    """The ts of a task's card, where it stands now."""
    key = f"{PostKind.CARD}:{task_id}"
    return session.exec(select(OutboxRow.ts).where(OutboxRow.key == key)).first()


def leave(session: Session, task_id: int, old: Place, card: str | None, *, now: datetime) -> None:
    """What stands there from now on says only that it goes on elsewhere: in place of the card, if there was one."""
    session.add(OriginRow(task_id=task_id, channel=old.channel, thread=old.thread))
    session.flush()
    outbox.want(session, PostKind.ELSEWHERE, task_id, now=now)
    left = update(OutboxRow).where(col(OutboxRow.key) == f"{PostKind.ELSEWHERE}:{task_id}")
    session.exec(left.values(ts=card))


def share(session: Session, task_id: int, ref: str, *, now: datetime) -> bool:
    """Post this there as well. False when it was asked for before, unless that came to nothing."""
    key = f"{PostKind.SHARED}:{task_id}:{ref}"
    row = session.exec(select(OutboxRow).where(OutboxRow.key == key).with_for_update()).first()
    if row is not None and not (row.ts == "" and row.sent == row.wanted):
        return False
    outbox.want(session, PostKind.SHARED, task_id, ref, now=now)
    session.exec(update(OutboxRow).where(col(OutboxRow.key) == key).values(ts=None, next_at=now))
    return True
