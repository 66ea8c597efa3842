"""Edited goals: the new words of a task, and which edit of a message is its last."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, update

from bot.store import inbound
from bot.store.tables import InboundRow, TaskRow


def keep(session: Session, task_id: int, goal: str) -> None:
    """What its author would have it begin again with; "" for nothing."""
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(edited_goal=goal))


def is_newest(session: Session, key: str, version: str, *, now: datetime) -> bool:
    """Whether no later edit of this message was taken; it is remembered. The same one again is the newest still."""
    last = f"edit:{key}"
    known = inbound.answer_to(session, last)
    if known is None:
        inbound.accept(session, last, version, now=now)
    elif known < version:
        session.exec(update(InboundRow).where(col(InboundRow.key) == last).values(answer=version))
    return known is None or known <= version
