"""Events: news, appended in the transaction of what they tell."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, insert, select

from bot.domain.event import Event, News
from bot.store import encoding
from bot.store.statements import put
from bot.store.tables import EVENT, EventRow

_APPEND = insert(EVENT).inline()


def append(session: Session, task_id: int, news: News, *, now: datetime, data: Mapping[str, Any]) -> None:
    put(session, _APPEND, {"task_id": task_id, "news": news, "data": encoding.as_text(data), "at": now})


def of_task(session: Session, task_id: int, *, after: int = 0, limit: int | None = None) -> list[Event]:
    rows = session.exec(
        select(EventRow)
        .where(EventRow.task_id == task_id, col(EventRow.id) > after)
        .order_by(col(EventRow.id))
        .limit(limit)
    )
    return [
        Event(id=row.id or 0, task_id=task_id, news=News(row.news), at=row.at, data=json.loads(row.data))
        for row in rows
    ]


def last_of_each(session: Session, task_ids: Collection[int]) -> dict[int, int]:
    """The newest event of each of these tasks."""
    found = session.exec(
        select(EventRow.task_id, func.max(EventRow.id))
        .where(col(EventRow.task_id).in_(task_ids))
        .group_by(col(EventRow.task_id))
    )
    return {task_id: newest or 0 for task_id, newest in found}


def last_of(session: Session, task_id: int, news: Collection[News]) -> News | None:
    """Which of these was told last; None when none was."""
    told = session.exec(
        select(EventRow.news)
        .where(EventRow.task_id == task_id, col(EventRow.news).in_(news))
        .order_by(col(EventRow.id).desc())
        .limit(1)
    ).first()
    return None if told is None else News(told)


def last_told(session: Session, task_id: int, news: News) -> Mapping[str, Any] | None:
    """The data of what was told last of this kind."""
    data = session.exec(
        select(EventRow.data)
        .where(EventRow.task_id == task_id, EventRow.news == news)
        .order_by(col(EventRow.id).desc())
        .limit(1)
    ).first()
    return None if data is None else dict(json.loads(data))


def since_retry(session: Session, task_id: int, news: News) -> list[Mapping[str, Any]]:
    """What was told of this kind since a person last pressed Retry; each by its data."""
    steered = session.exec(
        select(func.max(EventRow.id)).where(
            EventRow.task_id == task_id,
            EventRow.news == News.STEERED,
            col(EventRow.data).contains('"retry"'),
        )
    ).one()
    found = session.exec(
        select(EventRow.data)
        .where(EventRow.task_id == task_id, EventRow.news == news, col(EventRow.id) > (steered or 0))
        .order_by(col(EventRow.id))
    )
    return [json.loads(data) for data in found]


def first_words(session: Session, task_id: int) -> str:
    """What the model said first; "" before it has said anything."""
    said = session.exec(
        select(EventRow.data)
        .where(EventRow.task_id == task_id, EventRow.news == News.SAID)
        .order_by(col(EventRow.id))
        .limit(1)
    ).first()
    return "" if said is None else str(json.loads(said)["text"])
