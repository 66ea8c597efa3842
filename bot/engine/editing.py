"""A goal whose message was edited: its new words are kept, and begun with when their author says so. In a transaction.

The words that were begun with stand until then: an edit by itself changes nothing of the work.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime

from bot.domain.budget import Budget
from bot.domain.person import Person, Place
from bot.domain.task import Task
from bot.domain.veil import Veil
from bot.engine import course, early, goals, news, stopping
from bot.errors import NotAllowed
from bot.store import edits, inbound, tasks
from bot.store.database import Session
from bot.store.early import Early, Kind
from bot.store.outbox import PostKind


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A message that was edited: `key` is what it was accepted by, `version` grows with every edit.

    `place` where it may be a goal that was sent at `sent_at`, and has not come yet.
    """

    key: str
    version: str
    words: str
    place: Place | None = None
    sent_at: datetime | None = None


def kept(session: Session, person: Person, edit: Edit, now: datetime, veil: Veil = Veil()) -> Task | None:
    """The task that would begin again with these words; None when no goal of this person really changed.

    Deliveries come late and twice: an earlier edit never undoes a later one. Raises `NotAllowed` for no goal.
    """
    begun = inbound.answer_to(session, edit.key)
    if begun is None:
        _keep_for_later(session, person, edit, now, veil)
        return None
    task = _newest(session, int(begun)) if begun.isdigit() else None
    if task is None or not task.person.is_same(person):
        return None
    if not edits.is_newest(session, edit.key, edit.version, now=now):
        return None
    words = goals.checked(edit.words, veil)
    is_change = words.split() != task.goal.split()
    _offer(session, task, words if is_change else "", now)
    return task if is_change else None


def begun_again(
    session: Session, person: Person, task_id: int, *, budget: Budget, now: datetime
) -> Task | None:
    """The task of the new words, in the same thread; what ran is stopped. None when that was begun before.

    Raises `NotAllowed` for anyone but the requester, and when the goal is the old one again.
    """
    task = tasks.get(session, task_id)
    if task is None or not task.person.is_same(person):
        raise NotAllowed("Only whoever gave this goal can start it again.")
    if inbound.answer_to(session, _again(task_id)) is not None:
        return None
    goal = task.edited_goal
    if not goal:
        raise NotAllowed("The goal is the one I began with again, so there is nothing to start.")
    _offer(session, task, "", now)
    stopping.stop(session, person, task, now)
    new = course.begin(
        session,
        person,
        task.place,
        goal,
        autonomy=task.autonomy,
        folders=task.folders,
        budget=budget,
        output=task.output,
        context=task.context,
        now=now,
    )
    inbound.accept(session, _again(task_id), str(new.id), now=now)
    return new


def _offer(session: Session, task: Task, words: str, now: datetime) -> None:
    """What it could begin again with stands on its card, as long as it could."""
    if words != task.edited_goal:
        edits.keep(session, task.id, words)
        news.want(session, PostKind.CARD, task.id, task.place, now=now)


def _keep_for_later(session: Session, person: Person, edit: Edit, now: datetime, veil: Veil) -> None:
    """It came before the goal itself, or what was edited is no goal."""
    if edit.place is None or edit.sent_at is None or now - edit.sent_at >= early.PATIENCE:
        return
    with contextlib.suppress(NotAllowed):  # nobody is refused a goal that is not known to be one
        words, key = goals.checked(edit.words, veil), f"early:{edit.key}:{edit.version}"
        one = Early(kind=Kind.EDIT, person=person, place=edit.place, ts=edit.version, text=words)
        early.keep(session, one, key=key, sent_at=edit.sent_at, now=now)


def _newest(session: Session, task_id: int) -> Task | None:
    """A goal can be edited, begun again, and edited once more: its last task counts. Nobody else changes it now."""
    while True:
        task = tasks.get(session, task_id, locked=True)
        later = inbound.answer_to(session, _again(task_id))
        if later is None:
            return task
        task_id = int(later)


def _again(task_id: int) -> str:
    return f"again:{task_id}"
