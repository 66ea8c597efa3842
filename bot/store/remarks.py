"""Remarks: kept as they were said, and answered once by the owner of the task."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, update

from bot.domain.person import Person
from bot.domain.remark import Remark, RemarkState
from bot.store.tables import RemarkRow


def add(session: Session, remark: Remark, *, now: datetime) -> None:
    row = RemarkRow(
        key=remark.key,
        task_id=remark.task_id,
        team=remark.person.team,
        user=remark.person.user,
        user_name=remark.person.name,
        text=remark.text,
        against=remark.against,
        state=remark.state,
        at=now,
    )
    session.add(row)
    session.flush()


def get(session: Session, key: str) -> Remark | None:
    row = session.get(RemarkRow, key, populate_existing=True)
    if row is None:
        return None
    return Remark(
        key=row.key,
        task_id=row.task_id,
        person=Person(team=row.team, user=row.user, name=row.user_name),
        text=row.text,
        against=row.against,
        state=RemarkState(row.state),
    )


def answer(session: Session, key: str, state: RemarkState) -> bool:
    """One conditional update: False when it was answered before."""
    offered = update(RemarkRow).where(col(RemarkRow.key) == key, col(RemarkRow.state) == RemarkState.OFFERED)
    return bool(session.exec(offered.values(state=state)).rowcount)
