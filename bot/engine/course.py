"""What changes the course of a task: its beginning, a decision, something to wake up for. In a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.approval import Approval, ApprovalKind, ApprovalState, Decision
from bot.domain.budget import Budget
from bot.domain.event import News
from bot.domain.grant import FolderGrant
from bot.domain.label import Audience, Label, Source
from bot.domain.person import Person, Place
from bot.domain.task import Autonomy, Task
from bot.engine import allowing, briefing, decisions, news, revising, stopping
from bot.engine.revising import Edited
from bot.policy import briefly
from bot.store import approvals, labels, tasks, tokens
from bot.store.database import Session
from bot.store.outbox import PostKind


def begin(
    session: Session,
    person: Person,
    place: Place,
    goal: str,
    *,
    autonomy: Autonomy,
    folders: tuple[FolderGrant, ...],
    budget: Budget,
    now: datetime,
    output: str = "",
    context: str = "",
    audience: Audience = Audience.ANYONE,
    chosen: Iterable[str] = (),
) -> Task:
    """A new task, told of. `budget` is its own, `chosen` the folders that the requester picked themselves.

    Its brief is drawn up here, from the goal alone: no other text has been looked at.
    """
    brief = briefing.drawn_up(goal, folders=folders, output=output, chosen=chosen)
    task = tasks.create(
        session,
        person=person,
        place=place,
        goal=goal,
        autonomy=autonomy,
        folders=folders,
        budget=budget,
        now=now,
        output=output,
        context=context,
        brief=brief,
    )
    tokens.asked_by(session, task.id, person)
    if context.strip():  # what others said before it in the thread, or a prompt of a connector
        labels.grow(session, task.id, Source(name="", audience=audience).labels)
    data = {"goal": goal, "autonomy": task.autonomy, "folders": [grant.path for grant in folders]}
    if said := briefly.in_full(brief):
        data["brief"] = list(said)
    news.tell(session, task.id, place, News.STARTED, now=now, by=person, data=data)
    return task


def decide(
    session: Session, person: Person, task: Task, approval: Approval, decision: Decision, now: datetime
) -> bool:
    """Carry out the first decision; False when somebody decided before. Raises `NotAllowed` for no choice of it.

    A yes to what has run out puts it anew: it is judged and shown as things stand now.
    """
    decision = decisions.in_time(approval, decision, now)
    if not approvals.decide(session, approval.id, decision, person=person, now=now):
        return False
    decisions.carry_out(session, approval, decision, by=person, now=now)
    if decision.state is ApprovalState.APPROVED and approval.draft.kind in (
        ApprovalKind.PLAN,
        ApprovalKind.BATCH,
    ):
        briefing.plan_approved(session, task)
    if decision.reply is None:  # what goes to a connector is no word about the task
        briefing.heard(session, person, task, decision.words, now)
    if decision.words:
        tokens.asked_by(session, task.id, person)
    if decision.words and not task.person.is_same(person):
        labels.grow(session, task.id, {Label.UNTRUSTED})
    data: dict[str, Any] = {
        "approval": approval.id,
        "decision": decision.state,
        "words": decision.words,
        "digest": _digest(approval, decision),
        "left_out": [approval.draft.actions[number - 1].preview for number in decision.left_out],
    }
    if decision.is_kind and decision.state is ApprovalState.APPROVED:
        data["kind"] = allowing.allow(session, person, task, approval, now)
    news.tell(session, task.id, task.place, News.DECIDED, now=now, by=person, data=data)
    news.want(session, PostKind.APPROVAL, task.id, task.place, approval.id, now=now)
    if decision.state is ApprovalState.STOPPED:
        stopping.stop(session, person, task, now)
    else:
        wake(session, task, now)
    return True


def edit(
    session: Session, person: Person, task: Task, approval: Approval, one: Edited, now: datetime
) -> bool:
    """Put an action anew with other arguments; False when somebody decided before. It is judged as things then are."""
    if not approvals.decide(
        session, approval.id, Decision(state=ApprovalState.EDITED), person=person, now=now
    ):
        return False
    revising.carry_out(session, approval, one)
    if not task.person.is_same(person):
        labels.grow(session, task.id, {Label.UNTRUSTED})
    data = {
        "approval": approval.id,
        "decision": ApprovalState.EDITED,
        "words": "",
        "digest": approval.digest,
        "edited": revising.told(one),
    }
    news.tell(session, task.id, task.place, News.DECIDED, now=now, by=person, data=data)
    news.want(session, PostKind.APPROVAL, task.id, task.place, approval.id, now=now)
    wake(session, task, now)
    return True


def wake(session: Session, task: Task, now: datetime, *, is_new_work: bool = False) -> None:
    """A task that was over begins a new round with its own result; a stop that is under way stays asked for."""
    changes: dict[str, Any] = {}
    if task.state.is_over:
        changes |= {"round": task.round + 1, "stop_by": "", "crashes": 0}
    if is_new_work:
        changes |= {"started_at": None}
    tasks.wake(session, task.id, now=now, **changes)


def _digest(approval: Approval, decision: Decision) -> str:
    """Over all that was shown; of an approval over what was not left out of it."""
    return replace(approval, left_out=decision.left_out).kept.digest if decision.left_out else approval.digest
