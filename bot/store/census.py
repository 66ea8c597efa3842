"""How much there is of everything, for whoever watches over the colleague: a few counts in one read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.task import TaskState
from bot.store import overview, prompts
from bot.store.outbox import PostKind, to_send
from bot.store.tables import ApprovalRow, OutboxRow, TaskRow


@dataclass(frozen=True, kw_only=True)
class Census:
    """`queued_since` is when the oldest queued task was queued, `unsent_since` when the oldest message was due."""

    tasks: Mapping[TaskState, int]
    queued_since: datetime | None
    approvals: int
    prompts: Mapping[ApprovalKind, int]
    unsent: Mapping[PostKind, int]
    unsent_since: datetime | None
    blocked: int


def take(session: Session) -> Census:
    """Messages that wait for their thread to begin are not counted; blocked are those that Slack refused for good."""
    unsent = session.exec(_UNSENT).all()
    return Census(
        tasks=overview.count_by_state(session),
        queued_since=session.exec(
            select(func.min(TaskRow.queued_at)).where(TaskRow.state == TaskState.QUEUED)
        ).one(),
        approvals=session.exec(
            select(func.count()).select_from(ApprovalRow).where(ApprovalRow.state == ApprovalState.PENDING)
        ).one(),
        prompts=prompts.by_kind(session),
        unsent={PostKind(kind): count for kind, count, _ in unsent},
        unsent_since=min((since for _, _, since in unsent), default=None),
        blocked=session.exec(
            select(func.count()).select_from(OutboxRow).where(OutboxRow.blocked != "")
        ).one(),
    )


_UNSENT = (
    select(OutboxRow.kind, func.count(), func.min(OutboxRow.next_at))
    .join(TaskRow, col(TaskRow.id) == col(OutboxRow.task_id))
    .where(*to_send())
    .group_by(col(OutboxRow.kind))
)
