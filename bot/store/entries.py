"""Entries of the audit log: only ever added, but for a beginning that is cut off and told of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Insert, Integer, Select, Text, cast, column, literal, table
from sqlmodel import Session, bindparam, col, delete, func, insert, select

from bot.store import locks
from bot.store.statements import put
from bot.store.tables import AUDIT, AuditRow

FIRST = "0" * 64
"""What the first entry is chained to."""

_SHA256: dict[str, Callable[[ColumnElement[str]], ColumnElement[str]]] = {
    "sqlite": lambda text: func.sha256(text),  # our own: see `bot.store.database`
    "postgresql": lambda text: func.encode(func.sha256(func.convert_to(text, "UTF8")), "hex"),
}
_SEQUENCES = table("sqlite_sequence", column("name", Text), column("seq", Integer))
_LAST_GIVEN = select(_SEQUENCES.c.seq).where(_SEQUENCES.c.name == AUDIT.name)
_NEXT: dict[str, Callable[[], ColumnElement[int]]] = {
    "sqlite": lambda: func.coalesce(_LAST_GIVEN.scalar_subquery(), 0) + 1,
    "postgresql": lambda: func.nextval(func.pg_get_serial_sequence(AUDIT.name, "id")),
}
"""The number that the database itself would give the entry: it is hashed with it. None is ever given twice."""

_AT_A_TIME = 500
_WRITTEN = ("task_id", "actor", "action", "data", "at")


def _addition(dialect: str) -> Insert:
    newest = select(AUDIT.c.hash).order_by(AUDIT.c.id.desc()).limit(1).scalar_subquery()
    behind: Select[Any] = Select(_NEXT[dialect]().label("id"), func.coalesce(newest, FIRST).label("hash"))
    last = behind.subquery()
    text = literal('["').concat(last.c.hash).concat('",').concat(cast(last.c.id, Text)).concat(",")
    hashed = _SHA256[dialect](text.concat(bindparam("rest", type_=Text)))
    given: list[Any] = [bindparam(name, type_=AUDIT.c[name].type) for name in _WRITTEN]
    entry: Select[Any] = Select(last.c.id, *given, last.c.hash, hashed)
    return insert(AUDIT).from_select(["id", *_WRITTEN, "before", "hash"], entry)


_ADD = {dialect: _addition(dialect) for dialect in _SHA256}


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


def add(
    session: Session, *, task_id: int, actor: str, action: str, data: str, at: datetime, rest: str
) -> None:
    """Behind whatever stands last, whose hash is hashed together with the `rest` (as `chained` says).

    The database itself looks that up, and on PostgreSQL writers take turns from here to the commit: so the chain has
    one head, and nobody is waited for who has to be asked first.
    """
    locks.hold(session, "audit")
    entry = {"task_id": task_id, "actor": actor, "action": action, "data": data, "at": at}
    put(session, _ADD[session.get_bind().dialect.name], entry | {"rest": rest})


def chained(before: str, rest: str, number: int | None = None) -> str:
    """What the hash of an entry covers. `rest` is JSON behind its first bracket.

    The oldest entries of a log may be chained without their own number.
    """
    return f'["{before}",{rest}' if number is None else f'["{before}",{number},{rest}'


def all_of(session: Session, task_id: int | None = None) -> Iterator[Entry]:
    """In order, without loading the whole log."""
    query = select(AuditRow).order_by(col(AuditRow.id)).limit(_AT_A_TIME)
    if task_id is not None:
        query = query.where(AuditRow.task_id == task_id)
    last = 0
    while rows := session.exec(query.where(col(AuditRow.id) > last)).all():
        yield from map(_entry, rows)
        last = rows[-1].id or 0


def newest(session: Session, *, actions: Collection[str], has: str, limit: int) -> list[Entry]:
    """The last ones of these actions whose data has this text, newest first; of no task."""
    query = select(AuditRow).where(
        AuditRow.task_id == 0, col(AuditRow.action).in_(actions), col(AuditRow.data).contains(has)
    )
    return [_entry(row) for row in session.exec(query.order_by(col(AuditRow.id).desc()).limit(limit))]


def older_than(session: Session, before: datetime, *, limit: int, after: int = 0) -> list[Entry]:
    """The first entries (behind `after`), in order, up to one that is not older."""
    kept = session.exec(
        select(AuditRow.id).where(AuditRow.at >= before).order_by(col(AuditRow.id)).limit(1)
    ).first()
    query = select(AuditRow).where(col(AuditRow.id) > after).order_by(col(AuditRow.id)).limit(limit)
    return [
        _entry(row) for row in session.exec(query if kept is None else query.where(col(AuditRow.id) < kept))
    ]


def cut(session: Session, *, through: int) -> None:
    """Take these away: only for what a signed entry then tells of."""
    session.exec(delete(AuditRow).where(col(AuditRow.id) <= through))


def _entry(row: AuditRow) -> Entry:
    return Entry(
        id=row.id or 0,
        task_id=row.task_id,
        actor=row.actor,
        action=row.action,
        data=row.data,
        at=row.at,
        before=row.before,
        hash=row.hash,
    )
