"""A goal whose message was edited: its new words are kept, and begun with when their author says so. In a transaction.

The words that were begun with stand until then: an edit by itself changes nothing of the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.person import Person
from bot.domain.task import Task
from bot.engine import course, goals
from bot.errors import NotAllowed
from bot.store import edits, inbound, tasks
from bot.store.database import Session


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A message that was edited: `key` is what it was accepted by, `version` grows with every edit."""

    key: str
    version: str
    words: str


def kept(session: Session, person: Person, edit: Edit, now: datetime) -> Task | None:
    """The task that would begin again with these words; None when no goal of this person really changed.

    Deliveries come late and twice: an earlier edit never undoes a later one. Raises `NotAllowed` for no goal.
    """
    begun = inbound.answer_to(session, edit.key) or ""
    task = _newest(session, int(begun)) if begun.isdigit() else None
    if task is None or not task.person.is_same(person):
        return None
    if not edits.is_newest(session, edit.key, edit.version, now=now):
        return None
    words = goals.checked(edit.words)
    is_change = words.split() != task.goal.split()
    edits.keep(session, task.id, words if is_change else "")
    return task if is_change else None


def begun_again(session: Session, person: Person, task_id: int, *, turns: int, now: datetime) -> Task | None:
    """The task of the new words, in the same thread; what ran is stopped. None when that was begun before.

    Raises `NotAllowed` for anyone but the requester, and when the goal is the old one again.
    """
    task = tasks.get(session, task_id)
    if task is None or not task.person.is_same(person):
        raise NotAllowed("Only whoever gave this goal can start it again.")
    if inbound.answer_to(session, _again(task_id)) is not None:
        return None
    goal = edits.kept(session, task_id)
    if not goal:
        raise NotAllowed("The goal is the one I began with again, so there is nothing to start.")
    course.stop(session, person, task, now)
    new = course.begin(
        session,
        person,
        task.place,
        goal,
        autonomy=task.autonomy,
        folders=task.folders,
        turns=turns,
        output=task.output,
        context=task.context,
        now=now,
    )
    inbound.accept(session, _again(task_id), str(new.id), now=now)
    return new


def _newest(session: Session, task_id: int) -> Task | None:
    """A goal can be edited, begun again, and edited once more: its last task counts."""
    while (later := inbound.answer_to(session, _again(task_id))) is not None:
        task_id = int(later)
    return tasks.get(session, task_id)


def _again(task_id: int) -> str:
    return f"again:{task_id}"
