"""Kinds of calls that people allowed: given, used up one by one, withdrawn."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from bot.domain.effect import Effect
from bot.domain.kind import LASTS, USES, Given, Kind
from bot.domain.person import Person
from bot.domain.task import Task
from bot.store import encoding
from bot.store.kind_table import KindRow
from bot.store.tables import TaskRow


def give(session: Session, kind_id: str, task: Task, kind: Kind, *, by: Person, now: datetime) -> Given:
    row = KindRow(
        id=kind_id,
        task_id=task.id,
        round=task.round,
        tool=kind.tool,
        effects=encoding.as_text(kind.effects),
        place=kind.where,
        left=USES,
        until=now + LASTS,
        given_by=by.user,
        given_by_name=by.name,
        given_at=now,
    )
    session.add(row)
    session.flush()
    return _given(row, by.team)


def holding(session: Session, task_id: int, *, now: datetime) -> list[Given]:
    """Those that can still be used, the oldest first."""
    query = (
        select(KindRow, TaskRow.team)
        .join(TaskRow, col(TaskRow.id) == KindRow.task_id)
        .where(KindRow.task_id == task_id, KindRow.round == TaskRow.round, *_holds(now))
        .order_by(col(KindRow.given_at), col(KindRow.id))
    )
    return [_given(row, team) for row, team in session.exec(query)]


def use(session: Session, kind_ids: Collection[str], *, now: datetime) -> bool:
    """Once each, in the unit that begins the call. False: not all of them hold any more, and nothing was used.

    On False the caller's unit must not be committed.
    """
    used = session.exec(
        update(KindRow).where(col(KindRow.id).in_(kind_ids), *_holds(now)).values(left=KindRow.left - 1)
    )
    return bool(used.rowcount == len(kind_ids))


def task_of(session: Session, kind_id: str) -> int | None:
    return session.exec(select(KindRow.task_id).where(KindRow.id == kind_id)).first()


def withdraw(session: Session, kind_id: str, *, now: datetime) -> bool:
    """False when it does not hold any more."""
    withdrawn = session.exec(
        update(KindRow).where(col(KindRow.id) == kind_id, *_holds(now)).values(withdrawn_at=now)
    )
    return bool(withdrawn.rowcount)


def _holds(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(KindRow.left) > 0, col(KindRow.until) > now, col(KindRow.withdrawn_at).is_(None)


def _given(row: KindRow, team: str) -> Given:
    effects = tuple(Effect(effect) for effect in json.loads(row.effects))
    return Given(
        id=row.id,
        kind=Kind(tool=row.tool, effects=effects, where=row.place),
        left=row.left,
        until=row.until,
        by=Person(team=team, user=row.given_by, name=row.given_by_name),
    )
