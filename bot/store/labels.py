"""What is known of the data a task has seen: with each result where it came from, and its labels on the task."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sqlmodel import Session, bindparam, select, update

from bot.domain.influence import Told
from bot.domain.label import Label, Source
from bot.store import encoding
from bot.store.statements import run
from bot.store.tables import CALL, TASK

_OF = select(TASK.c.labels).where(TASK.c.id == bindparam("task"))
_SET = update(TASK).where(TASK.c.id == bindparam("task")).values(labels=bindparam("new"))
_SOURCES = (
    select(CALL.c.sources)
    .where(CALL.c.task_id == bindparam("task"), CALL.c.sources != "")
    .order_by(CALL.c.ended_at, CALL.c.id)
)


_TOLD = (
    select(CALL.c.sources, CALL.c.result)
    .where(CALL.c.task_id == bindparam("task"), CALL.c.sources != "", CALL.c.result != "")
    .order_by(CALL.c.ended_at.desc(), CALL.c.id.desc())
    .limit(200)
)


def grow(session: Session, task_id: int, labels: Iterable[Label]) -> None:
    """With these besides. The caller holds the row: nobody else changes it in between."""
    known = parsed(run(session, _OF, {"task": task_id}).scalar_one())
    if not known.issuperset(labels):
        text = encoding.as_text(sorted(known.union(labels)))
        run(session, _SET, {"task": task_id, "new": text})


def of_task(session: Session, task_id: int) -> frozenset[Label]:
    return parsed(run(session, _OF, {"task": task_id}).scalar_one())


def sources(session: Session, task_id: int) -> list[Source]:
    """Of all results so far, the oldest first."""
    texts = run(session, _SOURCES, {"task": task_id}).scalars()
    return [source for text in texts for source in encoding.sources.validate_json(text)]


def told(session: Session, task_id: int) -> list[Told]:
    """What others could have written of all that the task was told, the newest first."""
    rows = run(session, _TOLD, {"task": task_id})
    found = [(encoding.sources.validate_json(sources), text) for sources, text in rows]
    return [
        Told(source=untrusted[0], text=text)
        for sources, text in found
        if (untrusted := [one.name for one in sources if not one.is_trusted])
    ]


@lru_cache(maxsize=64)
def parsed(text: str) -> frozenset[Label]:
    return encoding.labels.validate_json(text)
