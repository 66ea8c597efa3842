"""Tasks: created, found, claimed by one worker, released with what they became."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, and_, bindparam, col, func, or_, select, update

from bot.domain.brief import Brief
from bot.domain.budget import Budget
from bot.domain.grant import FolderGrant
from bot.domain.person import TERMINAL, Person, Place
from bot.domain.plan import Plan
from bot.domain.task import Autonomy, Task, TaskState
from bot.store import encoding, fences, locks, spending
from bot.store.database import made_ready
from bot.store.from_row import as_task
from bot.store.tables import TASK, TaskRow

_OVER = [state.value for state in TaskState if state.is_over]
_STOP_BY = select(TASK.c.stop_by).where(TASK.c.id == bindparam("task"))


def create(
    session: Session,
    *,
    person: Person,
    place: Place,
    goal: str,
    autonomy: Autonomy,
    folders: tuple[FolderGrant, ...],
    budget: Budget = Budget(),
    now: datetime,
    output: str = "",
    context: str = "",
    brief: Brief = Brief(),
) -> Task:
    row = TaskRow(
        team=place.team,
        channel=place.channel,
        thread=place.thread,
        user=person.user,
        user_name=person.name,
        goal=goal,
        context=encoding.legible(context),
        output=output,
        folders=encoding.written(encoding.folders, folders),
        autonomy=autonomy,
        brief=encoding.legible(encoding.written(encoding.brief, brief)),
        unread=encoding.as_text([goal]),
        **spending.allowed(budget),
        state=TaskState.QUEUED,
        created_at=now,
        queued_at=now,
    )
    session.add(row)
    session.flush()
    task = as_task(row)
    made_ready(session, task.id)
    return task


def get(session: Session, task_id: int, *, locked: bool = False) -> Task | None:
    """`locked`: nobody else changes it until the end of the transaction; whoever changes it begins with that."""
    row = session.get(TaskRow, task_id, populate_existing=True, with_for_update=locked or None)
    return None if row is None else as_task(row)


def in_thread(session: Session, place: Place, person: Person | None = None) -> Task | None:
    """The newest task of this thread; this person's own where they have one there."""
    is_theirs = [col(TaskRow.user) != person.user] if person is not None else []
    query = (
        select(TaskRow)
        .where(TaskRow.team == place.team, TaskRow.channel == place.channel, TaskRow.thread == place.thread)
        .order_by(*is_theirs, col(TaskRow.id).desc())
        .limit(1)
    )
    row = session.exec(query).first()
    return None if row is None or place.thread is None else as_task(row)


def is_any_ready(session: Session, *, now: datetime) -> bool:
    """A look without a lock, so that idle workers do not queue for the database's write lock."""
    return session.exec(select(TaskRow.id).where(*_ready(now, None)).limit(1)).first() is not None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many tasks may be worked on at once, across the fleet. None: no limit."""

    team: int | None = None
    person: int | None = None


def claim(
    session: Session,
    *,
    owner: str,
    now: datetime,
    only: int | None = None,
    first: int | None = None,
    lease_until: datetime | None = None,
    limits: Limits = Limits(),
) -> Task | None:
    """The oldest task that is ready (`first`, if that is), now this worker's: two workers never get the same.

    What is to be stopped comes first, and no limit is in its way.
    Ready is what is queued, and what paused until a time that has come, of a team and a person below their limits.
    A task of the terminal is worked on by the process of that terminal alone, which asks for it with `only`.
    Without `lease_until` it is held until the process lets go or dies: that is for a database of one process.
    """
    locks.hold(session, "claim")
    is_to_stop = col(TaskRow.stop_by) != ""
    ready = (*_ready(now, only), or_(is_to_stop, and_(true(), *_below(limits))))
    oldest = (
        select(TaskRow.id)
        .where(*ready)
        .order_by(~is_to_stop, col(TaskRow.id) != first, col(TaskRow.queued_at), col(TaskRow.id))
    )
    task_id = session.exec(oldest.limit(1)).first()
    if task_id is None:
        return None
    claimed = session.exec(
        update(TaskRow)
        .where(col(TaskRow.id) == task_id, *_ready(now, only))
        .values(
            state=TaskState.WORKING,
            owner=owner,
            lease_until=lease_until,
            epoch=TaskRow.epoch + 1,
            seen=TaskRow.wake,
            note="",
            not_before=None,
            started_at=func.coalesce(TaskRow.started_at, now),
            ended_at=None,
        )
    )
    return get(session, task_id) if claimed.rowcount else None


def release(
    session: Session,
    task: Task,
    state: TaskState,
    *,
    now: datetime,
    note: str = "",
    reference: str = "",
    answer: str | None = None,
    not_before: datetime | None = None,
) -> TaskState:
    """Let go of a task with what it became. Someone spoke meanwhile (`wake` moved) → it is queued again instead."""
    fences.fence(session, task)
    woken = session.exec(select(TaskRow.wake != TaskRow.seen).where(TaskRow.id == task.id)).one()
    is_due = (
        woken and state is not TaskState.STOPPED
    )  # what woke it was the stop; later words are the caller's matter
    state = TaskState.QUEUED if is_due else state
    ended = now if state.is_over else None
    changes: dict[str, Any] = {
        "state": state,
        "owner": "",
        "note": encoding.legible(note),
        "reference": reference,
        "ended_at": ended,
    }
    if state is TaskState.QUEUED:
        changes |= {"queued_at": now}
    if answer is not None:
        changes |= {"answer": encoding.legible(answer)}
    fences.fence(session, task, **changes, not_before=not_before, lease_until=None)
    if state is TaskState.QUEUED:
        made_ready(session, task.id)
    return state


def wake(session: Session, task_id: int, *, now: datetime, **changes: Any) -> None:
    """Something happened that the task must look at: queue it, or tell the worker that holds it."""
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(wake=TaskRow.wake + 1, **changes))
    queued = session.exec(
        update(TaskRow)
        .where(col(TaskRow.id) == task_id, col(TaskRow.state) != TaskState.WORKING)
        .values(state=TaskState.QUEUED, queued_at=now, not_before=None)
    )
    if queued.rowcount:
        made_ready(session, task_id)


def settle_thread(session: Session, task_id: int, thread: str) -> None:
    """The card was posted as the root of its thread."""
    session.exec(
        update(TaskRow).where(col(TaskRow.id) == task_id, col(TaskRow.thread).is_(None)).values(thread=thread)
    )


def woken(session: Session, task_id: int) -> int:
    """How often something happened that the task must look at."""
    return session.exec(select(TaskRow.wake).where(TaskRow.id == task_id)).one()


def set_plan(session: Session, task_id: int, plan: Plan) -> None:
    session.exec(
        update(TaskRow).where(col(TaskRow.id) == task_id).values(plan=encoding.written(encoding.plan, plan))
    )


def again_at(session: Session, task_id: int) -> datetime | None:
    """When a paused task goes on by itself."""
    return session.exec(select(TaskRow.not_before).where(TaskRow.id == task_id)).one()


def stop_by(session: Session, task_id: int) -> str:
    """Who asked to stop, by name; "" when nobody did."""
    name: str = session.exec(_STOP_BY, params={"task": task_id}).one()
    return name


def is_of(only: int | None) -> ColumnElement[bool]:
    """A task of the terminal belongs to the process of that terminal."""
    return col(TaskRow.channel) != TERMINAL if only is None else col(TaskRow.id) == only


def _ready(now: datetime, only: int | None) -> tuple[ColumnElement[bool], ...]:
    has_rested = and_(TaskRow.state == TaskState.PAUSED, col(TaskRow.not_before) <= now)
    return or_(TaskRow.state == TaskState.QUEUED, has_rested), is_of(only)


def _below(limits: Limits) -> Iterator[ColumnElement[bool]]:
    for most, same in ((limits.team, ("team",)), (limits.person, ("team", "user"))):
        if most is not None:
            others = TASK.alias()
            is_same = [others.c[name] == TASK.c[name] for name in same]
            working = select(func.count()).select_from(others)
            yield working.where(others.c.state == TaskState.WORKING, *is_same).scalar_subquery() < most
