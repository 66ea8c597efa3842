"""What a task has used, and what it may still use."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from sqlmodel import Session, bindparam, col, select, update

from bot import crossing
from bot.domain.budget import Budget, Used
from bot.domain.turn import Usage
from bot.store import encoding
from bot.store.statements import put
from bot.store.tables import TASK, TaskRow

UNPRICED = 1.0
"""Millionths of a dollar that a token counts in budgets where the price of a model is not known."""

ONE_TURN = {
    "turns": TASK.c.turns + 1,
    "input_tokens": TASK.c.input_tokens + bindparam("read"),
    "output_tokens": TASK.c.output_tokens + bindparam("written"),
    "microdollars": TASK.c.microdollars + bindparam("cost"),
    "charged": TASK.c.charged + bindparam("charge"),
    "worked": TASK.c.worked + bindparam("took"),
    "failures": 0,
}
"""What a turn changes in the row of a task, given its `cost_of`. An unknown price makes the whole cost unknown."""

_OWN = "own"
_ADD_USAGE = update(TASK).where(TASK.c.id == bindparam("task")).values(**ONE_TURN)

COLUMNS: tuple[Any, ...] = (
    TASK.c.turns,
    (TASK.c.input_tokens + TASK.c.output_tokens).label("tokens"),
    TASK.c.charged,
    TASK.c.worked,
    TASK.c.turns_allowed,
    TASK.c.allowance,
    TASK.c.notified,
)
"""What `spending_of` reads off a row."""

_OF_TASK = select(*COLUMNS).where(TASK.c.id == bindparam("task"))


@dataclass(frozen=True, kw_only=True)
class Spending:
    """How a task stands to its own budget. `is_told`: people were told that it is nearly used up."""

    used: Used
    budget: Budget
    is_told: bool = False


def spending_of(row: Any) -> Spending:
    used = Used(turns=row.turns, tokens=row.tokens, charge=row.charged, worked=row.worked)
    return Spending(used=used, budget=_allowed(row.allowance, row.turns_allowed), is_told=bool(row.notified))


def of_task(session: Session, task_id: int) -> Spending:
    return spending_of(session.exec(_OF_TASK, params={"task": task_id}).one())


def add_usage(session: Session, task_id: int, usage: Usage) -> None:
    """Adds one turn."""
    put(session, _ADD_USAGE, cost_of(usage) | {"task": task_id})


def cost_of(usage: Usage, *, worked: int = 0) -> dict[str, int | None]:
    """For `ONE_TURN`; counted for the figures of this process, too. `worked` in milliseconds."""
    _count(usage)
    cost = None if usage.dollars is None else round(usage.dollars * 1_000_000)
    counted = used_by(usage, worked=worked)
    written = usage.output_tokens
    return {
        "read": counted.tokens - written,
        "written": written,
        "cost": cost,
        "charge": counted.charge,
        "took": worked,
    }


def used_by(usage: Usage, *, worked: int = 0) -> Used:
    """One turn, as budgets count it."""
    read = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
    tokens = read + usage.output_tokens
    dollars = tokens * UNPRICED / 1_000_000 if usage.dollars is None else usage.dollars
    return Used(turns=1, tokens=tokens, charge=round(dollars * 1_000_000), worked=worked)


def add_worked(session: Session, task_id: int, worked: int) -> None:
    """Milliseconds of work after the last turn."""
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(worked=TaskRow.worked + worked))


def count_failure(session: Session, task_id: int) -> int:
    """One more outage in a row; a recorded turn sets the count back to nothing."""
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(failures=TaskRow.failures + 1))
    return session.exec(select(TaskRow.failures).where(TaskRow.id == task_id)).one()


def allowed(budget: Budget, own: Budget | None = None) -> dict[str, Any]:
    """What a budget is in the row of a task. `own` is what it was begun with: without it this is the beginning."""
    kept = {**asdict(budget), _OWN: asdict(own or budget)}
    return {"turns_allowed": budget.turns or 0, "allowance": encoding.as_text(kept)}


def begun_with(session: Session, task_id: int) -> Budget:
    """Nothing of it is known for tasks of an earlier release."""
    row = session.exec(_OF_TASK, params={"task": task_id}).one()
    return encoding.budget.validate_python(json.loads(row.allowance).get(_OWN, {}))


def allow_more(session: Session, task_id: int, budget: Budget) -> None:
    """As much again, from what is used by now, and never more than it was begun with.

    The caller holds the row: nobody else changes it in between.
    """
    own = begun_with(session, task_id)
    more = budget.least(own).more(of_task(session, task_id).used)
    fresh = {"notified": False, "failures": 0, "crashes": 0}
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(**allowed(more, own), **fresh))


def tell(session: Session, task_id: int) -> None:
    """People are told that its budget is nearly used up."""
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(notified=True))


@lru_cache(maxsize=256)
def _allowed(text: str, turns: int) -> Budget:
    """Tasks of an earlier release had turns alone."""
    return Budget(turns=turns) if text == "{}" else encoding.budget.validate_json(text)


def _count(usage: Usage) -> None:
    for kind in ("input", "output", "cache_read", "cache_write"):
        crossing.counted(f"model.tokens.{kind}", getattr(usage, f"{kind}_tokens"))
    if usage.dollars is None:
        crossing.counted("model.unpriced")
    else:
        crossing.counted("model.dollars", usage.dollars)
