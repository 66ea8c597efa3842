"""How often people were asked: what a task costs in attention."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, func, select

from bot.domain.approval import ApprovalKind
from bot.store.tables import ApprovalRow


def of_tasks(session: Session, task_ids: Collection[int]) -> dict[int, int]:
    """Checkpoints and questions put to a person, by task; a task that never asked is left out."""
    counted = session.exec(
        select(ApprovalRow.task_id, func.count())
        .where(col(ApprovalRow.task_id).in_(task_ids))
        .group_by(col(ApprovalRow.task_id))
    )
    return {task_id: count for task_id, count in counted}


def by_kind(session: Session) -> dict[ApprovalKind, int]:
    """All that were ever put to a person."""
    counted = session.exec(select(ApprovalRow.kind, func.count()).group_by(ApprovalRow.kind))
    return {ApprovalKind(kind): count for kind, count in counted}
