"""What the tasks of a workspace took that were finished lately."""

from __future__ import annotations

from sqlmodel import Session, col, select

from bot.domain.estimate import Took
from bot.domain.task import TaskState
from bot.store import encoding
from bot.store.tables import TaskRow

_LATELY = 50
_MINUTE = 60_000  # milliseconds


def took(session: Session, team: str) -> list[Took]:
    """The newest first, those in one round only: what a later round took has no plan of its own."""
    query = (
        select(TaskRow.plan, TaskRow.worked, TaskRow.microdollars)
        .where(TaskRow.team == team, TaskRow.state == TaskState.DONE, TaskRow.round == 1)
        .order_by(col(TaskRow.id).desc())
        .limit(_LATELY)
    )
    return [
        Took(
            steps=len(encoding.plan.validate_json(plan).steps),
            minutes=worked / _MINUTE,
            dollars=None if cost is None else cost / 1_000_000,
        )
        for plan, worked, cost in session.exec(query)
    ]
