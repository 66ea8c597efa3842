"""Retry: a paused or failed task goes on with its budget anew, or with more of one that it shares. In a transaction."""

from __future__ import annotations

from datetime import datetime

from bot.domain.budget import Budget
from bot.domain.deciders import Authority, Facts
from bot.domain.event import News
from bot.domain.person import Person
from bot.domain.task import Task
from bot.engine import course, deciding, news
from bot.policy.raising import may_raise
from bot.store import budgets, outages, spending
from bot.store.database import Session


def check(session: Session, authority: Authority, person: Person, facts: Facts, task: Task) -> None:
    """Whoever may stop it may let it go on, but only some may allow more of what it shares. Raises `NotAllowed`."""
    if budgets.waited_for(session, task.id):
        spoken = deciding.spoken(session, person, facts, task)
        deciding.must(may_raise(person, spoken, task, authority.approvers))
    else:
        deciding.check_turn(session, authority, person, facts, task)


def retry(session: Session, person: Person, task: Task, budget: Budget, *, now: datetime) -> None:
    """By one who may."""
    key = budgets.waited_for(session, task.id)
    if key:
        outages.over(session, key, now=now)
    spending.allow_more(session, task.id, budget)
    course.wake(session, task, now)
    data = {"retry": True} | ({"raised": key} if key else {})
    news.tell(session, task.id, task.place, News.STEERED, now=now, by=person, data=data)
    if key:
        budgets.allow_more(session, key)
