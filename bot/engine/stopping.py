"""A stop: whoever works on the task closes what is open; a task that nobody works on ends in the stop's own unit."""

from __future__ import annotations

from datetime import datetime

from bot.domain.approval import ApprovalState, Decision
from bot.domain.event import News
from bot.domain.person import Person
from bot.domain.task import Task
from bot.engine import news, unmade
from bot.store import approvals, budgets, events, stops, tasks
from bot.store.database import Session
from bot.store.outbox import PostKind

_MOST = 100


def stop(session: Session, person: Person, task: Task, now: datetime) -> None:
    """What is over stays as it is."""
    if task.state.is_over:
        return
    approval = approvals.pending_of(session, task.id)
    if approval is not None:
        stopped = Decision(state=ApprovalState.STOPPED)
        approvals.decide(session, approval.id, stopped, person=person, now=now)
        news.want(session, PostKind.APPROVAL, task.id, task.place, approval.id, now=now)
    news.tell(session, task.id, task.place, News.STOPPING, now=now, by=person)
    if not _ended(session, task, person.name, now):
        tasks.wake(session, task.id, now=now, stop_by=person.name)


def left_behind(session: Session) -> list[int]:
    """Tasks whose worker went away in the middle of a stop."""
    return stops.left_behind(session, limit=_MOST)


def end_left_behind(session: Session, task_id: int, now: datetime) -> bool:
    """False: it has been ended, or somebody works on it again."""
    task = stops.still_left_behind(session, task_id)
    if task is None or not _ended(session, task, task.stop_by, now):
        return False
    go_on(session, task, now)
    return True


def go_on(session: Session, task: Task, now: datetime) -> None:
    """With what was said after the stop; what was said before does not undo it: that waits for the next words."""
    if events.last_of(session, task.id, (News.STOPPING, News.STEERED)) is News.STEERED:
        tasks.wake(session, task.id, now=now, stop_by="", round=task.round + 1, crashes=0, started_at=None)


def _ended(session: Session, task: Task, by: str, now: datetime) -> bool:
    """With an answer for every open call; one that was begun has an unknown outcome. False: somebody works on it."""
    note = f"Stopped by {by}."
    if not stops.end(session, task.id, by=by, note=note, now=now):
        return False
    budgets.release(session, task.id)
    unmade.closed(session, task, f"Not executed: stopped by {by}.", now=now)
    news.want(session, PostKind.RESULT, task.id, task.place, str(task.round), now=now)
    data = {"note": note, "reference": "", **news.of_round(task)}
    news.tell(session, task.id, task.place, News.STOPPED, now=now, data=data)
    return True
