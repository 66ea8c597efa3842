"""Budgets that tasks share: what was used today, and what each holds for the call that is on its way.

Whoever asks the model reserves first, and settles in the write that records the turn. What is held counts as used for
everybody else: so a budget is never passed by more than the one call that was reserved last.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text as sql
from sqlmodel import Session, bindparam, col, select, update

from bot.domain.budget import Used
from bot.store import locks
from bot.store.budget_table import BUDGET, BudgetRow
from bot.store.statements import put, run
from bot.store.tables import TASK, TaskRow

_OPEN = sql(
    "INSERT INTO budget (key, turns, tokens, charge, worked, held_turns, held_tokens, held_charge, raised, notified) "
    "VALUES (:key, 0, 0, 0, 0, 0, 0, 0, 0, FALSE) ON CONFLICT DO NOTHING"
)
_MOVE = (
    update(BUDGET)
    .where(BUDGET.c.key.in_(bindparam("keys", expanding=True)))
    .values(
        turns=BUDGET.c.turns + bindparam("d_turns"),
        tokens=BUDGET.c.tokens + bindparam("d_tokens"),
        charge=BUDGET.c.charge + bindparam("d_charge"),
        worked=BUDGET.c.worked + bindparam("d_worked"),
        held_turns=BUDGET.c.held_turns + bindparam("h_turns"),
        held_tokens=BUDGET.c.held_tokens + bindparam("h_tokens"),
        held_charge=BUDGET.c.held_charge + bindparam("h_charge"),
    )
    .returning(*BUDGET.c)
)
_RESERVE = update(TASK).where(TASK.c.id == bindparam("task")).values(reserved=bindparam("text"))


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """What one task holds for its next call, in these budgets."""

    keys: tuple[str, ...]
    amount: Used


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One shared budget today. `raised` is how often as much again was allowed."""

    key: str
    used: Used
    held: Used
    raised: int = 0
    is_told: bool = False


def lock(session: Session) -> None:
    """Behind the lock of the audit log, where a unit takes both: so nobody waits in a circle."""
    locks.hold(session, "budget")


def opened(session: Session, keys: Collection[str]) -> dict[str, Standing]:
    """These, begun where nothing was used of them today."""
    for key in keys:
        put(session, _OPEN, {"key": key})
    rows = session.exec(select(BudgetRow).where(col(BudgetRow.key).in_(keys)))
    return {row.key: _standing(row) for row in rows}


def move(
    session: Session, keys: Collection[str], *, used: Used = Used(), held: Used = Used()
) -> dict[str, Standing]:
    """Add to what is used and to what is held, of all of them at once. How they stand then."""
    added = {f"d_{name}": amount for name, amount in asdict(used).items()}
    holds = {f"h_{name}": amount for name, amount in asdict(held).items() if name != "worked"}
    rows = run(session, _MOVE, {"keys": list(keys), **added, **holds})
    return {row.key: _standing(row) for row in rows}


def reserved(session: Session, task_id: int) -> Reservation | None:
    """What the task holds; a process before this one may have reserved it."""
    text = session.exec(select(TaskRow.reserved).where(TaskRow.id == task_id)).one()
    if not text:
        return None
    found: dict[str, Any] = json.loads(text)
    return Reservation(keys=tuple(found["keys"]), amount=Used(**found["amount"]))


def put_reserved(session: Session, task_id: int, reservation: Reservation | None) -> None:
    """In the unit that changes the budgets themselves."""
    text = "" if reservation is None else json.dumps(asdict(reservation))
    put(session, _RESERVE, {"task": task_id, "text": text})


def release(session: Session, task_id: int, *, used: Used = Used()) -> None:
    """The task makes no call now: what it holds is free again, but for what was `used` all the same."""
    held = reserved(session, task_id)
    if held is not None:
        lock(session)
        move(session, held.keys, used=used, held=-held.amount)
        put_reserved(session, task_id, None)


def allow_more(session: Session, key: str) -> None:
    """As much again, for its day."""
    lock(session)
    session.exec(
        update(BudgetRow).where(col(BudgetRow.key) == key).values(raised=BudgetRow.raised + 1, notified=False)
    )


def tell(session: Session, key: str) -> None:
    """People are told that it is nearly used up. The caller holds the lock."""
    session.exec(update(BudgetRow).where(col(BudgetRow.key) == key).values(notified=True))


def waited_for(session: Session, task_id: int) -> str:
    """The shared budget that a paused task waits for, "" for none."""
    waits_for = session.exec(select(TaskRow.waits_for).where(TaskRow.id == task_id)).one()
    return waits_for if waits_for.partition(":")[0] in _SCOPES else ""


def today(now: datetime, scopes: Mapping[str, str]) -> dict[str, str]:
    """The key of each budget on this day (UTC), given whose each is."""
    return {scope: f"{scope}:{whose}:{now:%Y-%m-%d}" for scope, whose in scopes.items()}


_SCOPES = ("person", "channel", "workspace")


def _standing(row: Any) -> Standing:
    used = Used(turns=row.turns, tokens=row.tokens, charge=row.charge, worked=row.worked)
    held = Used(turns=row.held_turns, tokens=row.held_tokens, charge=row.held_charge)
    return Standing(key=row.key, used=used, held=held, raised=row.raised, is_told=bool(row.notified))
