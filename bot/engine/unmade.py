"""Calls that are not made, or not now: refused by policy, held for a person, closed at a stop; in the worker's unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from bot.agent import batches
from bot.domain.approval import Draft
from bot.domain.call import Result
from bot.domain.event import News
from bot.domain.task import Task
from bot.domain.verdict import Ask, Verdict
from bot.engine import news, wording
from bot.store import approvals, calls
from bot.store.calls import CallState, Entry
from bot.store.database import Session
from bot.store.outbox import PostKind


def refused(session: Session, task: Task, entry: Entry, verdict: Verdict, *, now: datetime) -> None:
    """The reason goes back to the model."""
    result = Result(text=f"Not allowed (rule {verdict.rule}): {verdict.reason}", is_error=True)
    calls.answer(session, task.id, entry.call.id, result, now=now, state=CallState.DENIED, verdict=verdict)
    news.tell(session, task.id, task.place, News.DENIED, now=now, data=wording.told(entry, verdict))


def held(
    session: Session, task: Task, draft: Draft, asking: Sequence[tuple[Entry, Ask]], *, now: datetime
) -> None:
    """Put an approval before a person; these calls wait for it."""
    approval_id = uuid4().hex
    approvals.put(session, approval_id, task.id, draft, now=now)
    shown = {action.call.id: action.absent for action in draft.actions}
    for entry, verdict in asking:
        absent = shown.get(entry.call.id, ())
        calls.hold(session, task.id, entry.call.id, approval_id, verdict, absent=absent)
    told = {"approval": approval_id, "title": draft.title, "digest": draft.digest}
    news.tell(session, task.id, task.place, News.ASKED, now=now, data=told)
    news.want(session, PostKind.APPROVAL, task.id, task.place, approval_id, now=now)


def closed(session: Session, task: Task, text: str, *, now: datetime) -> None:
    """Every open call is answered: with `text`, or that its outcome is unknown."""
    entries = calls.of_task(session, task.id)
    for entry in entries:
        if entry.is_unknown:
            said = "Stopped while running; outcome unknown."
        elif not entry.state.has_answer:
            said = batches.when_stopped(text, [one for one in entries if one.batch == entry.call.id])
        else:
            continue
        result = Result(text=said, is_error=True)
        calls.answer(session, task.id, entry.call.id, result, now=now, state=CallState.REFUSED)
