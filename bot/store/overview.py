"""Tasks as people and operators look at many of them: lists and counts."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from bot.domain.person import TERMINAL, Person
from bot.domain.task import Task, TaskState
from bot.store.from_row import as_task
from bot.store.tables import TaskRow

_OVER = [state.value for state in TaskState if state.is_over]


def of_person(
    session: Session,
    person: Person,
    *,
    limit: int,
    state: TaskState | None = None,
    before: int | None = None,
) -> list[Task]:
    """Newest first; those with a smaller number than `before`."""
    query = select(TaskRow).where(TaskRow.team == person.team, TaskRow.user == person.user)
    if state is not None:
        query = query.where(TaskRow.state == state)
    if before is not None:
        query = query.where(col(TaskRow.id) < before)
    return [as_task(row) for row in session.exec(query.order_by(col(TaskRow.id).desc()).limit(limit))]


def teams(session: Session) -> list[str]:
    """The workspaces whose people gave it tasks."""
    found = session.exec(select(TaskRow.team).where(TaskRow.team != TERMINAL).distinct())
    return sorted(found)


def name_of(session: Session, person: Person) -> str:
    """As they were called when they last gave it a task; "" where they never did."""
    last = of_person(session, person, limit=1)
    return last[0].person.name if last else ""


def newest(session: Session, *, limit: int) -> list[Task]:
    return [
        as_task(row) for row in session.exec(select(TaskRow).order_by(col(TaskRow.id).desc()).limit(limit))
    ]


def count_open(session: Session, person: Person) -> int:
    query = select(func.count()).where(
        TaskRow.team == person.team, TaskRow.user == person.user, col(TaskRow.state).not_in(_OVER)
    )
    return session.exec(query).one()


def count_by_state(session: Session) -> dict[TaskState, int]:
    rows = session.exec(select(TaskRow.state, func.count()).group_by(TaskRow.state))
    return {TaskState(state): count for state, count in rows}
