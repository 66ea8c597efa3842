"""What a turn or a result changes in the task itself: its plan, its files for the thread, a reminder to the model."""

from __future__ import annotations

from datetime import datetime

from bot.domain.call import Result
from bot.domain.event import News
from bot.domain.task import Task
from bot.engine import news
from bot.engine.wording import NOTE_BY
from bot.store import tasks, words
from bot.store.calls import Entry
from bot.store.database import Session
from bot.store.outbox import PostKind

_MOST_NOTES = 2


def of_result(session: Session, task: Task, entry: Entry, result: Result, *, now: datetime) -> None:
    if result.plan is not None:
        tasks.set_plan(session, task.id, result.plan)
        steps = {"steps": [[step.title, step.state] for step in result.plan.steps]}
        news.tell(session, task.id, task.place, News.PLAN, now=now, data=steps, audited=False)
    if result.deliverable is not None:
        handed = {"title": result.deliverable.title, "path": result.deliverable.path}
        news.tell(session, task.id, task.place, News.DELIVERED, now=now, data=handed)
        news.want(session, PostKind.FILE, task.id, task.place, entry.call.id, now=now)


def of_last_words(session: Session, task_id: int, *, now: datetime) -> None:
    """A turn that ends with open steps is reminded of them, twice at most (notes/model.md §12)."""
    task = tasks.get(session, task_id)
    assert task is not None
    if not task.plan.open_steps or words.count_by(session, task_id, NOTE_BY) >= _MOST_NOTES:
        return
    steps = "; ".join(step.title for step in task.plan.open_steps)
    text = (
        f"These steps of your plan are still open: {steps}. Finish them, or update the plan and say why not."
    )
    words.add(session, task_id, author=NOTE_BY, text=text, now=now)
