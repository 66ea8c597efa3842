"""Approvals: put before a person, decided once, reminded of while they wait."""

from __future__ import annotations

import json
from datetime import datetime

from sqlmodel import Session, col, or_, select, true, update

from bot.domain.approval import Approval, ApprovalKind, ApprovalState, Decision, Draft
from bot.domain.asking import Asking
from bot.domain.deciders import Yes
from bot.domain.person import Person
from bot.store import encoding
from bot.store.tables import ApprovalRow, TaskRow


def put(
    session: Session,
    approval_id: str,
    task_id: int,
    draft: Draft,
    *,
    now: datetime,
    expires_at: datetime | None = None,
    due_at: datetime | None = None,
) -> None:
    """From `expires_at` on it cannot be approved; at `due_at` it is `due`."""
    session.add(
        ApprovalRow(
            id=approval_id,
            task_id=task_id,
            kind=draft.kind,
            title=encoding.legible(draft.title),
            summary=encoding.legible(draft.summary),
            actions=encoding.written(encoding.actions, draft.actions),
            options=encoding.as_text(draft.options),
            sources=encoding.legible(encoding.as_text(draft.read)),
            asking="" if draft.asking is None else _asked(draft.asking),
            call_id=draft.call_id,
            digest=draft.digest,
            state=ApprovalState.PENDING,
            created_at=now,
            expires_at=expires_at,
            due_at=due_at,
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
    """One conditional update: True for the first decision, False when it was decided before, or has run out."""
    in_time = or_(col(ApprovalRow.expires_at).is_(None), col(ApprovalRow.expires_at) > now)
    decided = session.exec(
        update(ApprovalRow)
        .where(
            col(ApprovalRow.id) == approval_id,
            col(ApprovalRow.state) == ApprovalState.PENDING,
            in_time if decision.state is ApprovalState.APPROVED else true(),
        )
        .values(
            state=decision.state,
            words=decision.words,
            left_out=encoding.as_text(decision.left_out),
            decided_by=person.user,
            decided_by_name=person.name,
            decided_at=now,
        )
    )
    return bool(decided.rowcount)


def replied(session: Session, approval_id: str, asking: Asking) -> None:
    """What a connector asked now has these replies."""
    session.exec(update(ApprovalRow).where(col(ApprovalRow.id) == approval_id).values(asking=_asked(asking)))


def agree(session: Session, approval: Approval, yes: Yes) -> bool:
    """One more yes beside those that were read. False when somebody decided, or agreed, since."""
    said = encoding.written(encoding.said_yes, (*approval.said_yes, yes))
    agreed = session.exec(
        update(ApprovalRow)
        .where(
            col(ApprovalRow.id) == approval.id,
            col(ApprovalRow.state) == ApprovalState.PENDING,
            col(ApprovalRow.said_yes) == encoding.written(encoding.said_yes, approval.said_yes),
        )
        .values(said_yes=encoding.legible(said))
    )
    return bool(agreed.rowcount)


def due(session: Session, *, now: datetime, limit: int = 100) -> list[Approval]:
    """Those that wait and of which somebody is to be told now, the longest waiting first."""
    query = (
        select(ApprovalRow)
        .where(ApprovalRow.state == ApprovalState.PENDING, col(ApprovalRow.due_at) <= now)
        .order_by(col(ApprovalRow.due_at))
        .limit(limit)
    )
    return [_approval(session, row) for row in session.exec(query)]


def told(session: Session, approval: Approval, *, due_at: datetime | None, has_lapsed: bool = False) -> bool:
    """People are told once more. False when it was decided, or told of, since it was read."""
    changed = session.exec(
        update(ApprovalRow)
        .where(
            col(ApprovalRow.id) == approval.id,
            col(ApprovalRow.state) == ApprovalState.PENDING,
            col(ApprovalRow.nudges) == approval.nudges,
            col(ApprovalRow.has_lapsed) == approval.has_lapsed,
        )
        .values(nudges=approval.nudges + (not has_lapsed), has_lapsed=has_lapsed, due_at=due_at)
    )
    return bool(changed.rowcount)


def _asked(asking: Asking) -> str:
    return encoding.legible(encoding.written(encoding.asking, asking))


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
            read=tuple(json.loads(row.sources)),
            asking=encoding.asking.validate_json(row.asking) if row.asking else None,
        ),
        digest=row.digest,
        state=ApprovalState(row.state),
        words=row.words,
        decided_by=person,
        decided_at=row.decided_at,
        created_at=row.created_at,
        left_out=tuple(json.loads(row.left_out)),
        expires_at=row.expires_at,
        has_lapsed=row.has_lapsed,
        nudges=row.nudges,
        said_yes=encoding.said_yes.validate_json(row.said_yes),
    )
