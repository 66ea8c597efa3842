"""What must be told: the event, the audit entry and the messages that change, in the caller's transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import log
from bot.audit import chain
from bot.domain.event import News
from bot.domain.person import NOWHERE, Person, Place
from bot.domain.task import Task
from bot.store import events, outbox, standing, webhooks
from bot.store.database import Session, veiled
from bot.store.outbox import PostKind

COLLEAGUE = "cowork"
_WANTS_SOMEONE = (PostKind.APPROVAL, PostKind.SIGN_IN)
_LEVELS = {
    News.STARTED: logging.INFO,
    News.ASKED: logging.INFO,
    News.AGREED: logging.INFO,
    News.DECIDED: logging.INFO,
    News.STEERED: logging.INFO,
    News.UNDOING: logging.INFO,
    News.STOPPING: logging.INFO,
    News.STOPPED: logging.INFO,
    News.DONE: logging.INFO,
    News.PAUSED: logging.WARNING,
    News.FAILED: logging.WARNING,
}

logger = logging.getLogger(__name__)


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
    proof: Mapping[str, Any] | None = None,
) -> None:
    """`by` is the person who acted; otherwise the colleague did. Every piece of news redraws the card.

    Secrets in it are hidden from everyone who looks. `proof` is what the audit log alone holds besides.
    """
    said = {**(data or {}), "via": by.via} if by is not None and by.via else data or {}
    data = veiled(session, said)
    actor = COLLEAGUE if by is None else f"{by.user}@{by.team}"
    events.append(session, task_id, news, now=now, data=data)
    webhooks.announce(session, task_id, news, data, now=now)
    want(session, PostKind.CARD, task_id, place, now=now)
    if audited:  # last: on PostgreSQL the whole fleet takes turns from here to the commit
        held = {**data, **veiled(session, proof)} if proof else data
        chain.append(session, task_id, actor=actor, action=news, now=now, data=held)
    if (level := _LEVELS.get(news)) is not None:
        _log(level, task_id, news, actor, data)


def of_round(task: Task) -> dict[str, Any]:
    """Of the news that a round ended: which, and since when it ran. What an Undo of it is about follows from that."""
    return {"round": task.round, "since": task.started_at.isoformat() if task.started_at else ""}


def want(
    session: Session, kind: PostKind, task_id: int, place: Place, ref: str = "", *, now: datetime
) -> None:
    """A message for the thread; elsewhere events are read instead. What was shared of it is kept true."""
    if (
        place.channel == NOWHERE and kind in _WANTS_SOMEONE
    ):  # from then on it lives in its requester's messages
        outbox.want(session, PostKind.CARD, task_id, now=now)
    elif not place.is_in_slack:
        return
    outbox.want(session, kind, task_id, ref, now=now)
    if kind is PostKind.APPROVAL:
        standing.redraw(session, [f"{PostKind.SHARED}:{task_id}:{kind}:{ref}"])


def _log(level: int, task_id: int, news: News, actor: str, data: Mapping[str, Any]) -> None:
    """What an operator follows, without people's words: the note is ours, the reference is what people quote."""
    said = [str(data[name]) for name in ("decision", "note", "reference") if data.get(name)]
    with log.about(task=task_id):
        logger.log(level, "%s by %s%s", news, actor, f": {' · '.join(said)}" if said else "")
