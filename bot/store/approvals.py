"""Approvals: put before a person, decided once."""

from __future__ import annotations

import json
from datetime import datetime

from sqlmodel import Session, col, select, update

from bot.domain.approval import Approval, ApprovalKind, ApprovalState, Decision, Draft
from bot.domain.person import Person
from bot.store import encoding
from bot.store.tables import ApprovalRow, TaskRow


def put(session: Session, approval_id: str, task_id: int, draft: Draft, *, now: datetime) -> None:
    session.add(
        ApprovalRow(
            id=approval_id,
            task_id=task_id,
            kind=draft.kind,
            title=encoding.legible(draft.title),
            summary=encoding.legible(draft.summary),
            actions=encoding.written(encoding.actions, draft.actions),
            options=encoding.as_text(draft.options),
            call_id=draft.call_id,
            digest=draft.digest,
            state=ApprovalState.PENDING,
            created_at=now,
        )
    )
    session.flush()


def get(session: Session, approval_id: str) -> Approval | None:
    row = session.get(ApprovalRow, approval_id, populate_existing=True)
    return None if row is None else _approval(session, row)


def pending_of(session: Session, task_id: int) -> Approval | None:
    """A task waits for one approval at a time."""
    query = select(ApprovalRow).where(
        ApprovalRow.task_id == task_id, ApprovalRow.state == ApprovalState.PENDING
    )
    row = session.exec(query).first()
    return None if row is None else _approval(session, row)


def of_task(session: Session, task_id: int) -> list[Approval]:
    query = select(ApprovalRow).where(ApprovalRow.task_id == task_id).order_by(col(ApprovalRow.created_at))
    return [_approval(session, row) for row in session.exec(query)]


def decide(session: Session, approval_id: str, decision: Decision, *, person: Person, now: datetime) -> bool:
    """One conditional update: True for the first decision, False when it was decided before."""
    decided = session.exec(
        update(ApprovalRow)
        .where(col(ApprovalRow.id) == approval_id, col(ApprovalRow.state) == ApprovalState.PENDING)
        .values(
            state=decision.state,
            words=decision.words,
            decided_by=person.user,
            decided_by_name=person.name,
            decided_at=now,
        )
    )
    return bool(decided.rowcount)


def _approval(session: Session, row: ApprovalRow) -> Approval:
    team = session.exec(select(TaskRow.team).where(TaskRow.id == row.task_id)).one()
    person = Person(team=team, user=row.decided_by, name=row.decided_by_name) if row.decided_by else None
    return Approval(
        id=row.id,
        task_id=row.task_id,
        draft=Draft(
            kind=ApprovalKind(row.kind),
            title=row.title,
            summary=row.summary,
            actions=encoding.actions.validate_json(row.actions),
            options=tuple(json.loads(row.options)),
            call_id=row.call_id,
        ),
        digest=row.digest,
        state=ApprovalState(row.state),
        words=row.words,
        decided_by=person,
        decided_at=row.decided_at,
        created_at=row.created_at,
    )
