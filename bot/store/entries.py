"""Entries of the audit log: only ever added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, insert, select, text

from bot.store.tables import AUDIT, AuditRow

_ADD = insert(AUDIT)
_LAST_HASH = select(AUDIT.c.hash).order_by(AUDIT.c.id.desc()).limit(1)


@dataclass(frozen=True, kw_only=True)
class Entry:
    id: int
    task_id: int
    actor: str
    action: str
    data: str
    at: datetime
    before: str
    hash: str


def last_hash(session: Session) -> str | None:
    """The head of the chain. On PostgreSQL writers take turns here, so that the chain has one head."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('cowork:audit'))"))
    return session.exec(_LAST_HASH).first()


def add(
    session: Session,
    *,
    task_id: int,
    actor: str,
    action: str,
    data: str,
    at: datetime,
    before: str,
    hash: str,
) -> None:
    entry = {"task_id": task_id, "actor": actor, "action": action, "data": data, "at": at}
    session.exec(_ADD, params=entry | {"before": before, "hash": hash})


def all_of(session: Session, task_id: int | None = None) -> Iterator[Entry]:
    """In order, without loading the whole log."""
    query = select(AuditRow).order_by(col(AuditRow.id)).execution_options(yield_per=500)
    if task_id is not None:
        query = query.where(AuditRow.task_id == task_id)
    for row in session.exec(query):
        yield Entry(
            id=row.id or 0,
            task_id=row.task_id,
            actor=row.actor,
            action=row.action,
            data=row.data,
            at=row.at,
            before=row.before,
            hash=row.hash,
        )
