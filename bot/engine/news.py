"""What must be told: the event, the audit entry and the messages that change, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.audit import chain
from bot.domain.event import News
from bot.domain.person import Person, Place
from bot.store import events, outbox
from bot.store.database import Session
from bot.store.outbox import PostKind

COLLEAGUE = "cowork"


def tell(
    session: Session,
    task_id: int,
    place: Place,
    news: News,
    *,
    now: datetime,
    by: Person | None = None,
    data: Mapping[str, Any] | None = None,
    audited: bool = True,
) -> None:
    """`by` is the person who acted; otherwise the colleague did. Every piece of news redraws the card."""
    data = data or {}
    events.append(session, task_id, news, now=now, data=data)
    if audited:
        actor = COLLEAGUE if by is None else f"{by.user}@{by.team}"
        chain.append(session, task_id, actor=actor, action=news, now=now, data=data)
    want(session, PostKind.CARD, task_id, place, now=now)


def want(
    session: Session, kind: PostKind, task_id: int, place: Place, ref: str = "", *, now: datetime
) -> None:
    """A message for the thread; the terminal reads events instead."""
    if not place.is_terminal:
        outbox.want(session, kind, task_id, ref, now=now)
