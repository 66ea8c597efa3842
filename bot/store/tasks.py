"""Tasks: created, found, claimed by one worker, released with what they became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, bindparam, col, func, or_, select, update

from bot.domain.grant import FolderGrant
from bot.domain.person import TERMINAL, Person, Place
from bot.domain.plan import Plan
from bot.domain.task import Autonomy, Spent, Task, TaskState
from bot.errors import LeaseLost
from bot.store import encoding
from bot.store.tables import TASK, TaskRow

_OVER = [state.value for state in TaskState if state.is_over]
_HELD = update(TASK).where(
    TASK.c.id == bindparam("task"), TASK.c.epoch == bindparam("held"), TASK.c.state == TaskState.WORKING
)
_HOLD = (TASK.c.stop_by, (TASK.c.turns_allowed - TASK.c.turns).label("turns_left"))
_STILL_HELD = _HELD.values(owner=TASK.c.owner).returning(*_HOLD)
_STOP_BY = select(TASK.c.stop_by).where(TASK.c.id == bindparam("task"))


def create(
    session: Session,
    *,
    person: Person,
    place: Place,
    goal: str,
    autonomy: Autonomy,
    folders: tuple[FolderGrant, ...],
    turns_allowed: int,
    now: datetime,
    output: str = "",
    context: str = "",
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
        turns_allowed=turns_allowed,
        state=TaskState.QUEUED,
        created_at=now,
        queued_at=now,
    )
    session.add(row)
    session.flush()
    return _task(row)


def get(session: Session, task_id: int) -> Task | None:
    row = session.get(TaskRow, task_id, populate_existing=True)
    return None if row is None else _task(row)


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
    return None if row is None or place.thread is None else _task(row)


def of_person(session: Session, person: Person, *, limit: int) -> list[Task]:
    """Newest first."""
    query = (
        select(TaskRow)
        .where(TaskRow.team == person.team, TaskRow.user == person.user)
        .order_by(col(TaskRow.id).desc())
        .limit(limit)
    )
    return [_task(row) for row in session.exec(query)]


def newest(session: Session, *, limit: int) -> list[Task]:
    return [_task(row) for row in session.exec(select(TaskRow).order_by(col(TaskRow.id).desc()).limit(limit))]


def count_open(session: Session, person: Person) -> int:
    query = select(func.count()).where(
        TaskRow.team == person.team, TaskRow.user == person.user, col(TaskRow.state).not_in(_OVER)
    )
    return session.exec(query).one()


def is_any_ready(session: Session, *, now: datetime) -> bool:
    """A look without a lock, so that idle workers do not queue for the database's write lock."""
    return session.exec(select(TaskRow.id).where(*_ready(now, None)).limit(1)).first() is not None


def claim(session: Session, *, owner: str, now: datetime, only: int | None = None) -> Task | None:
    """The oldest task that is ready, now this worker's. One conditional update: two workers never get the same.

    Ready is what is queued, and what paused until a time that has come. A task of the terminal is worked on by
    the process of that terminal alone, which asks for it with `only`.
    """
    ready = (
        select(TaskRow.id)
        .where(*_ready(now, only))
        .order_by(col(TaskRow.queued_at), col(TaskRow.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    task_id = session.exec(ready).first()
    if task_id is None:
        return None
    claimed = session.exec(
        update(TaskRow)
        .where(col(TaskRow.id) == task_id, *_ready(now, only))
        .values(
            state=TaskState.WORKING,
            owner=owner,
            epoch=TaskRow.epoch + 1,
            seen=TaskRow.wake,
            note="",
            not_before=None,
            started_at=func.coalesce(TaskRow.started_at, now),
            ended_at=None,
        )
    )
    return get(session, task_id) if claimed.rowcount else None


@dataclass(frozen=True, kw_only=True)
class Hold:
    """What a worker learns with every write: who asked to stop ("" for nobody), and how many turns are left."""

    stop_by: str
    turns_left: int


def fence(session: Session, task: Task, **changes: Any) -> Hold:
    """Every write of a worker begins here: it fails with `LeaseLost` when the task is no longer its own."""
    fenced = _HELD.values(**changes).returning(*_HOLD) if changes else _STILL_HELD
    held = session.exec(fenced, params={"task": task.id, "held": task.epoch}).first()
    if held is None:
        raise LeaseLost(f"task {task.id} is no longer held in epoch {task.epoch}")
    return Hold(stop_by=held.stop_by, turns_left=held.turns_left)


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
    fence(session, task)
    woken = session.exec(select(TaskRow.wake != TaskRow.seen).where(TaskRow.id == task.id)).one()
    state = TaskState.QUEUED if woken else state
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
    fence(session, task, **changes, not_before=not_before)
    return state


def wake(session: Session, task_id: int, *, now: datetime, **changes: Any) -> None:
    """Something happened that the task must look at: queue it, or tell the worker that holds it."""
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(wake=TaskRow.wake + 1, **changes))
    session.exec(
        update(TaskRow)
        .where(col(TaskRow.id) == task_id, col(TaskRow.state) != TaskState.WORKING)
        .values(state=TaskState.QUEUED, queued_at=now, not_before=None)
    )


def requeue_working(session: Session, *, now: datetime, only: int | None = None) -> int:
    """At the start of the only process, whatever was being worked on is nobody's: queue it. How many there were."""
    requeued = session.exec(
        update(TaskRow)
        .where(col(TaskRow.state) == TaskState.WORKING, _whose(only))
        .values(state=TaskState.QUEUED, owner="", epoch=TaskRow.epoch + 1, queued_at=now)
    )
    return requeued.rowcount


def settle_thread(session: Session, task_id: int, thread: str) -> None:
    """The card was posted as the root of its thread."""
    session.exec(
        update(TaskRow).where(col(TaskRow.id) == task_id, col(TaskRow.thread).is_(None)).values(thread=thread)
    )


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


def count_by_state(session: Session) -> dict[TaskState, int]:
    rows = session.exec(select(TaskRow.state, func.count()).group_by(TaskRow.state))
    return {TaskState(state): count for state, count in rows}


def _ready(now: datetime, only: int | None) -> tuple[ColumnElement[bool], ...]:
    has_rested = and_(TaskRow.state == TaskState.PAUSED, col(TaskRow.not_before) <= now)
    return or_(TaskRow.state == TaskState.QUEUED, has_rested), _whose(only)


def _whose(only: int | None) -> ColumnElement[bool]:
    return col(TaskRow.channel) != TERMINAL if only is None else col(TaskRow.id) == only


def _task(row: TaskRow) -> Task:
    assert row.id is not None
    return Task(
        id=row.id,
        person=Person(team=row.team, user=row.user, name=row.user_name),
        place=Place(team=row.team, channel=row.channel, thread=row.thread),
        goal=row.goal,
        context=row.context,
        output=row.output,
        folders=encoding.folders.validate_json(row.folders),
        autonomy=Autonomy(row.autonomy),
        brief=encoding.brief.validate_json(row.brief),
        state=TaskState(row.state),
        plan=encoding.plan.validate_json(row.plan),
        note=row.note,
        reference=row.reference,
        answer=row.answer,
        round=row.round,
        spent=_spent(row),
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        epoch=row.epoch,
        stop_by=row.stop_by,
    )


def _spent(row: TaskRow) -> Spent:
    dollars = None if row.microdollars is None else row.microdollars / 1_000_000
    return Spent(
        turns=row.turns, input_tokens=row.input_tokens, output_tokens=row.output_tokens, dollars=dollars
    )
