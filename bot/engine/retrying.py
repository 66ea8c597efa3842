"""Retry: a paused or failed task goes on with its budget anew, or with more of one that it shares. In a transaction."""

from __future__ import annotations

from datetime import datetime

from bot.domain.budget import Budget
from bot.domain.event import News
from bot.domain.person import Person
from bot.domain.task import Task
from bot.domain.verdict import Deny
from bot.engine import course, news
from bot.errors import NotAllowed
from bot.policy.raising import may_raise
from bot.store import budgets, outages, spending
from bot.store.database import Session


def retry(
    session: Session, person: Person, task: Task, budget: Budget, *, approvers: frozenset[str], now: datetime
) -> None:
    """Raises `NotAllowed` where a shared budget is used up, and this person may not allow more of it."""
    key = budgets.waited_for(session, task.id)
    if key:
        verdict = may_raise(person, task.person, approvers)
        if isinstance(verdict, Deny):
            raise NotAllowed(verdict.reason)
        outages.over(session, key, now=now)
    spending.allow_more(session, task.id, budget)
    course.wake(session, task, now)
    data = {"retry": True} | ({"raised": key} if key else {})
    news.tell(session, task.id, task.place, News.STEERED, now=now, by=person, data=data)
    if key:
        budgets.allow_more(session, key)
