"""What changes the course of a task: its beginning, a decision, a stop, something to wake up for. In a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.approval import Approval, ApprovalState, Decision
from bot.domain.event import News
from bot.domain.grant import FolderGrant
from bot.domain.person import Person, Place
from bot.domain.task import Autonomy, Task
from bot.engine import decisions, news
from bot.errors import NotAllowed
from bot.store import approvals, tasks
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
    turns: int,
    now: datetime,
    output: str = "",
    context: str = "",
) -> Task:
    """A new task, told of. `turns` is its allowance."""
    task = tasks.create(
        session,
        person=person,
        place=place,
        goal=goal,
        autonomy=autonomy,
        folders=folders,
        turns_allowed=turns,
        now=now,
        output=output,
        context=context,
    )
    data = {"goal": goal, "autonomy": task.autonomy, "folders": [grant.path for grant in folders]}
    news.tell(session, task.id, place, News.STARTED, now=now, by=person, data=data)
    return task


def decide(
    session: Session, person: Person, task: Task, approval: Approval, decision: Decision, now: datetime
) -> bool:
    """Carry out the first decision; False when somebody decided before. Raises `NotAllowed` for no choice of it."""
    if decision.state not in decisions.OFFERED[approval.draft.kind]:
        raise NotAllowed("That is not one of the choices here. Use the buttons under the request.")
    if not approvals.decide(session, approval.id, decision, person=person, now=now):
        return False
    decisions.carry_out(session, approval, decision, by=person, now=now)
    data = {
        "approval": approval.id,
        "decision": decision.state,
        "words": decision.words,
        "digest": approval.digest,
    }
    news.tell(session, task.id, task.place, News.DECIDED, now=now, by=person, data=data)
    news.want(session, PostKind.APPROVAL, task.id, task.place, approval.id, now=now)
    if decision.state is ApprovalState.STOPPED:
        stop(session, person, task, now)
    else:
        wake(session, task, now)
    return True


def stop(session: Session, person: Person, task: Task, now: datetime) -> None:
    """Ask it to end: the loop closes what is open and says what was done."""
    if task.state.is_over:
        return
    approval = approvals.pending_of(session, task.id)
    if approval is not None:
        stopped = Decision(state=ApprovalState.STOPPED)
        approvals.decide(session, approval.id, stopped, person=person, now=now)
        news.want(session, PostKind.APPROVAL, task.id, task.place, approval.id, now=now)
    tasks.wake(session, task.id, now=now, stop_by=person.name)
    news.tell(session, task.id, task.place, News.STOPPING, now=now, by=person)


def wake(session: Session, task: Task, now: datetime, *, is_new_work: bool = False) -> None:
    """A task that was over begins a new round with its own result; a stop that is under way stays asked for."""
    changes: dict[str, Any] = {}
    if task.state.is_over:
        changes |= {"round": task.round + 1, "stop_by": "", "crashes": 0}
    if is_new_work:
        changes |= {"started_at": None}
    tasks.wake(session, task.id, now=now, **changes)
