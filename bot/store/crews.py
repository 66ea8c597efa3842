"""Who owns a task, and who steers it besides."""

from __future__ import annotations

from sqlmodel import Session, col, update

from bot.domain.crew import Crew
from bot.domain.person import Person
from bot.domain.task import Task
from bot.store import encoding
from bot.store.tables import TaskRow


def put(session: Session, task: Task, crew: Crew, *, owner: Person | None = None) -> None:
    """The caller holds the row. `owner` is a new one, of the same team."""
    values = {"crew": encoding.legible(encoding.written(encoding.crew, crew))}
    if owner is not None:
        values |= {"user": owner.user, "user_name": encoding.legible(owner.name)}
    session.exec(update(TaskRow).where(col(TaskRow.id) == task.id).values(**values))
