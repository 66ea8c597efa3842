"""What becomes of words in a task's thread: they answer, redirect, steer, continue or stop it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.domain.approval import Approval, ApprovalKind, ApprovalState, Decision
from bot.domain.budget import Budget
from bot.domain.event import News
from bot.domain.label import Label
from bot.domain.person import Person
from bot.domain.task import Task, TaskState
from bot.engine import briefing, course, news, replies, stopping
from bot.store import approvals, labels, spending, tokens, words
from bot.store.database import Session


class Heard(StrEnum):
    """PRESS_APPROVE: a yes, which only the button (of a program: a decision) gives. OVER: a stop for what has ended.

    NOT_YOURS: of somebody who does not steer the task. CONTRADICTS: of a helper, against what its owner fixed.
    """

    STEERED = "steered"
    CONTINUED = "continued"
    ANSWERED = "answered"
    REDIRECTED = "redirected"
    STOPPING = "stopping"
    PRESS_APPROVE = "press_approve"
    NOT_YOURS = "not_yours"
    CONTRADICTS = "contradicts"
    OVER = "over"
    REPEATED = "repeated"


def heard(session: Session, person: Person, task: Task, text: str, now: datetime, *, budget: Budget) -> Heard:
    """In the caller's transaction. `budget` is that of new work."""
    if not task.is_steered_by(person):
        return Heard.NOT_YOURS
    if replies.is_stop(text):
        stopping.stop(session, person, task, now)
        return Heard.OVER if task.state.is_over else Heard.STOPPING
    if not task.person.is_same(person) and briefing.loosened_by(session, task, text):
        return Heard.CONTRADICTS
    approval = approvals.pending_of(session, task.id)
    if approval is not None:
        return _while_asked(session, person, task, approval, text, now)
    if not task.person.is_same(person):  # a helper steers, and is still somebody else
        labels.grow(session, task.id, {Label.UNTRUSTED})
    tokens.asked_by(session, task.id, person)
    words.add(session, task.id, author=person.name, user=person.user, text=text, now=now)
    briefing.heard(session, person, task, text, now)
    is_new_work = task.state in (TaskState.DONE, TaskState.STOPPED)
    if is_new_work:
        spending.allow_more(session, task.id, budget)
    course.wake(session, task, now, is_new_work=is_new_work)
    news.tell(session, task.id, task.place, News.STEERED, now=now, by=person, data={"text": text[:500]})
    return Heard.CONTINUED if task.state.is_over or task.stop_by else Heard.STEERED


def _while_asked(
    session: Session, person: Person, task: Task, approval: Approval, text: str, now: datetime
) -> Heard:
    if approval.draft.kind is ApprovalKind.FORM and person.via:
        return Heard.PRESS_APPROVE  # what a program fills in is decided as a yes is, by who may say one
    if approval.wants_words:
        answer = Decision(state=ApprovalState.ANSWERED, words=text)
        course.decide(session, person, task, approval, answer, now)
        return Heard.ANSWERED
    if approval.draft.kind is ApprovalKind.OUTCOME or replies.is_yes(text):
        return Heard.PRESS_APPROVE
    redirection = Decision(state=ApprovalState.REDIRECTED, words=text)
    course.decide(session, person, task, approval, redirection, now)
    return Heard.REDIRECTED
