"""The fence of a worker: every write of its own begins here, and what it must know comes back with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable
from sqlmodel import Session, bindparam, select, update

from bot.domain.task import Task, TaskState
from bot.domain.turn import Usage
from bot.errors import LeaseLost
from bot.store import spending
from bot.store.spending import Spending
from bot.store.statements import Values, run
from bot.store.tables import TASK

_OURS = (
    TASK.c.id == bindparam("task"),
    TASK.c.epoch == bindparam("held"),
    TASK.c.state == TaskState.WORKING,
)
_HELD = update(TASK).where(*_OURS)
_HOLD: tuple[Any, ...] = (
    TASK.c.stop_by,
    TASK.c.wake,
    TASK.c.brief,
    (TASK.c.unread != "[]").label("has_unread"),
    TASK.c.labels,
    *spending.COLUMNS,
)
_STILL_HELD = _HELD.values(owner=TASK.c.owner).returning(*_HOLD)
_GETS_ON = _HELD.values(crashes=0).returning(*_HOLD)
_TOOK_A_TURN = _HELD.values(crashes=0, **spending.ONE_TURN).returning(*_HOLD)
_IS_HELD = select(*_HOLD).where(*_OURS)


@dataclass(frozen=True, kw_only=True)
class Hold:
    """What a worker learns with every write.

    Who asked to stop ("" for nobody), how it stands to its budget, how often something happened that it must look
    at, the requester's brief and the labels as they are stored, and whether words of theirs are still to be read.
    """

    stop_by: str
    spending: Spending
    wake: int
    brief: str
    has_unread: bool
    labels: str


def fence(
    session: Session,
    task: Task,
    *,
    gets_on: bool = False,
    turn: Usage | None = None,
    worked: int = 0,
    **changes: Any,
) -> Hold:
    """Every write of a worker begins here: it fails with `LeaseLost` when the task is no longer its own.

    `gets_on`: something was achieved, so the crashes behind it do not count any more. So does a `turn`, which is
    added to what the task has used, with the milliseconds that were `worked` for it.
    """
    worker = {"task": task.id, "held": task.epoch}
    if turn is not None:
        return _held(session, task, _TOOK_A_TURN, worker | spending.cost_of(turn, worked=worked))
    if changes:
        return _held(session, task, _HELD.values(**changes).returning(*_HOLD), worker)
    return _held(session, task, _GETS_ON if gets_on else _STILL_HELD, worker)


def still_held(session: Session, task: Task) -> Hold:
    """As `fence`, for a worker that has nothing to write."""
    return _held(session, task, _IS_HELD, {"task": task.id, "held": task.epoch})


def _held(session: Session, task: Task, fenced: Executable, values: Values) -> Hold:
    held = run(session, fenced, values).first()
    if held is None:
        raise LeaseLost(f"task {task.id} is no longer held in epoch {task.epoch}")
    spent = spending.spending_of(held)
    return Hold(
        stop_by=held.stop_by,
        spending=spent,
        wake=held.wake,
        brief=held.brief,
        has_unread=bool(held.has_unread),
        labels=held.labels,
    )
