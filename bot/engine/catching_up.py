"""A goal that was overtaken: what was said, edited or stopped before it came is taken up as it begins."""

from __future__ import annotations

from datetime import datetime

from bot.domain.budget import Budget
from bot.domain.task import Task
from bot.engine import early, editing, hearing
from bot.engine.editing import Edit
from bot.store import tasks
from bot.store.database import Session
from bot.store.early import Kind


def caught_up(session: Session, task: Task, *, key: str, budget: Budget, now: datetime) -> Task:
    """The task as it is then. `key` is what its goal was accepted by, in the same transaction."""
    for one in early.take(session, task.place, key):
        # By the name that is known by now, where it is theirs.
        person = task.person if one.person.is_same(task.person) else one.person
        if one.kind is Kind.EDIT:
            editing.kept(session, person, Edit(key=key, version=one.ts, words=one.text), now)
        else:
            hearing.heard(session, person, task, one.text, now, budget=budget)
        task = tasks.get(session, task.id) or task
    return task
