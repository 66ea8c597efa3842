"""Deliveries that were accepted: Slack sends some twice, people click twice."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.store import locks
from bot.store.tables import InboundRow


def answer_to(session: Session, key: str) -> str | None:
    """What this delivery was answered before; None when it is new. On PostgreSQL the same key waits its turn."""
    locks.hold(session, "inbound", key)
    row = session.get(InboundRow, key)
    return None if row is None else row.answer


def accept(session: Session, key: str, answer: str, *, now: datetime) -> None:
    """Remember it with its answer. A second insert of the key fails the whole transaction, so nothing is doubled."""
    session.add(InboundRow(key=key, answer=answer, at=now))
    session.flush()
