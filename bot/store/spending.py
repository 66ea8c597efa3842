"""What a task has used, and what it may still use."""

from __future__ import annotations

from sqlmodel import Session, bindparam, col, select, update

from bot import crossing
from bot.domain.turn import Usage
from bot.store.statements import put
from bot.store.tables import TASK, TaskRow

ONE_TURN = {
    "turns": TASK.c.turns + 1,
    "input_tokens": TASK.c.input_tokens + bindparam("read"),
    "output_tokens": TASK.c.output_tokens + bindparam("written"),
    "microdollars": TASK.c.microdollars + bindparam("cost"),
    "failures": 0,
}
"""What a turn changes in the row of a task, given its `cost_of`. An unknown price makes the whole cost unknown."""

_ADD_USAGE = update(TASK).where(TASK.c.id == bindparam("task")).values(**ONE_TURN)


def add_usage(session: Session, task_id: int, usage: Usage) -> None:
    """Adds one turn."""
    put(session, _ADD_USAGE, cost_of(usage) | {"task": task_id})


def cost_of(usage: Usage) -> dict[str, int | None]:
    """For `ONE_TURN`; counted for the figures of this process, too."""
    _count(usage)
    tokens = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
    cost = None if usage.dollars is None else round(usage.dollars * 1_000_000)
    return {"read": tokens, "written": usage.output_tokens, "cost": cost}


def _count(usage: Usage) -> None:
    for kind in ("input", "output", "cache_read", "cache_write"):
        crossing.counted(f"model.tokens.{kind}", getattr(usage, f"{kind}_tokens"))
    if usage.dollars is None:
        crossing.counted("model.unpriced")
    else:
        crossing.counted("model.dollars", usage.dollars)


def count_failure(session: Session, task_id: int) -> int:
    """One more outage in a row; a recorded turn sets the count back to nothing."""
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(failures=TaskRow.failures + 1))
    return session.exec(select(TaskRow.failures).where(TaskRow.id == task_id)).one()


def allow_more_turns(session: Session, task_id: int, turns: int) -> None:
    session.exec(
        update(TaskRow)
        .where(col(TaskRow.id) == task_id)
        .values(turns_allowed=TaskRow.turns + turns, failures=0, crashes=0)
    )
