"""Calls that are not made, or not now: refused by policy, held for a person, closed at a stop; in the worker's unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from bot.agent import batches
from bot.domain.approval import ApprovalKind, Draft
from bot.domain.call import Result
from bot.domain.event import News
from bot.domain.patience import Patience
from bot.domain.task import Task
from bot.domain.verdict import Ask, Verdict
from bot.engine import evidence, news, wording
from bot.store import approvals, calls, tasks
from bot.store import held as held_calls
from bot.store.calls import CallState, Entry
from bot.store.database import Session
from bot.store.outbox import PostKind

RUN_OUT = frozenset({ApprovalKind.CALLS, ApprovalKind.BATCH})
"""What is decided of the world as it was shown; a question can be answered at any time."""


def refused(session: Session, task: Task, entry: Entry, verdict: Verdict, *, now: datetime) -> None:
    """The reason goes back to the model."""
    result = Result(text=f"Not allowed (rule {verdict.rule}): {verdict.reason}", is_error=True)
    calls.answer(session, task.id, entry.call.id, result, now=now, state=CallState.DENIED, verdict=verdict)
    told, proof = wording.told(entry, verdict), evidence.of_call(session, task, entry)
    news.tell(session, task.id, task.place, News.DENIED, now=now, data=told, proof=proof)


def held(
    session: Session,
    task: Task,
    draft: Draft,
    asking: Sequence[tuple[Entry, Ask]],
    *,
    patience: Patience,
    now: datetime,
) -> None:
    """Put an approval before a person; these calls wait for it."""
    approval_id = uuid4().hex
    draft = _with_the_plan(session, task, draft)
    expires_at = patience.expires_at(now) if draft.kind in RUN_OUT else None
    due_at = patience.due_at(now, expires_at)
    approvals.put(session, approval_id, task.id, draft, now=now, expires_at=expires_at, due_at=due_at)
    is_unknown = draft.kind is ApprovalKind.OUTCOME
    shown = {action.call.id: action.basis for action in draft.actions}
    for entry, verdict in asking:
        basis = shown.get(entry.call.id, ())
        held_calls.hold(
            session, task.id, entry.call.id, approval_id, verdict, basis=basis, is_unknown=is_unknown
        )
    told = {"approval": approval_id, "title": draft.title, "digest": draft.digest}
    news.tell(session, task.id, task.place, News.ASKED, now=now, data=told, proof=_asked(draft, asking))
    news.want(session, PostKind.APPROVAL, task.id, task.place, approval_id, now=now)


def _asked(draft: Draft, asking: Sequence[tuple[Entry, Ask]]) -> dict[str, Any]:
    """What was put to people, as the audit log holds it: each call with its digest, and the rules that asked."""
    held = [{"tool": one.call.tool, "what": one.preview, "digest": one.call.digest} for one in draft.actions]
    rules = {entry.call.id: [verdict.rule, verdict.reason] for entry, verdict in asking}
    return {"kind": draft.kind, "actions": held, "rules": rules}


def _with_the_plan(session: Session, task: Task, draft: Draft) -> Draft:
    """Calls that were held because no plan was shown: what the model plans stands with them."""
    known = tasks.get(session, task.id)
    if draft.kind is not ApprovalKind.PLAN or draft.call_id or known is None or not known.plan.steps:
        return draft
    steps = [f"{number}. {step.title}" for number, step in enumerate(known.plan.steps, 1)]
    return replace(draft, summary="\n".join([*steps, "", draft.summary]))


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
