"""The outbox: one row per Slack message that is kept true.

The engine says in its own transaction that a message should look different (`want`); the sender makes
it so. Many changes before the sender comes by are one update: a row holds no text, the message is drawn
from the task when it is sent.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, and_, case, col, or_, select, update

from bot.domain.person import Place
from bot.store.origin_table import OriginRow
from bot.store.statements import once, put
from bot.store.tables import OUTBOX, OutboxRow, TaskRow

_ONCE_MORE = {"wanted": OUTBOX.c.wanted + 1}
_WANT = {
    "sqlite": sqlite.insert(OUTBOX).inline().on_conflict_do_update(["key"], set_=_ONCE_MORE),
    "postgresql": postgresql.insert(OUTBOX)
    .inline()
    .on_conflict_do_update(index_elements=["key"], set_=_ONCE_MORE),
}


class PostKind(StrEnum):
    CARD = "card"
    APPROVAL = "approval"
    RESULT = "result"
    FILE = "file"
    NOTE = "note"
    REMINDER = "reminder"
    OFFER = "offer"
    SIGN_IN = "sign_in"
    ELSEWHERE = "elsewhere"
    SHARED = "shared"


AWAY = frozenset({PostKind.ELSEWHERE, PostKind.SHARED})
"""These stand where the task was before it went on with its requester alone."""


_PRIORITY = {
    PostKind.APPROVAL: 0,
    PostKind.NOTE: 1,
    PostKind.REMINDER: 1,
    PostKind.OFFER: 1,
    PostKind.SIGN_IN: 1,
    PostKind.ELSEWHERE: 1,
    PostKind.FILE: 2,
    PostKind.RESULT: 3,
    PostKind.SHARED: 3,
    PostKind.CARD: 4,
}
_ROOT = 1
_OF_A_CHANNEL = 20


@dataclass(frozen=True, kw_only=True)
class Post:
    """`ts` is the posted message. `is_unknown`: an earlier post may have been accepted, so look before posting."""

    key: str
    kind: PostKind
    ref: str
    task_id: int
    place: Place
    priority: int
    ts: str | None
    wanted: int
    sent: int
    attempt: int
    is_unknown: bool
    started_at: datetime | None


def want(session: Session, kind: PostKind, task_id: int, ref: str = "", *, now: datetime) -> None:
    """This message should exist and be true from now on. Wanted again in the same unit, it is the same change."""
    key = f"{kind}:{ref}" if kind is PostKind.APPROVAL else f"{kind}:{task_id}:{ref}".rstrip(":")
    if not once(session, f"want {key}"):
        return
    row = {"key": key, "kind": kind, "ref": ref, "task_id": task_id}
    want = _WANT[session.get_bind().dialect.name]
    put(session, want, row | {"priority": _PRIORITY[kind], "next_at": now})


def due(
    session: Session, kinds: Collection[PostKind] = frozenset(PostKind), *, now: datetime, limit: int = 50
) -> list[Post]:
    """What is to be sent, most urgent first, with a share for every channel, however much another one has.

    Until a task has a thread only its card goes out, and before other cards: the rest of its messages wait for it.
    """
    urgency = case((col(TaskRow.thread).is_(None), _ROOT), else_=col(OutboxRow.priority))
    is_away = and_(col(OutboxRow.kind).in_(AWAY), col(OriginRow.task_id).is_not(None))
    channel = case((is_away, col(OriginRow.channel)), else_=col(TaskRow.channel))
    thread = case((is_away, col(OriginRow.thread)), else_=col(TaskRow.thread))
    place = (col(TaskRow.team), channel)
    ranked = (
        select(
            col(OutboxRow.id).label("id"),
            urgency.label("urgency"),
            func.row_number().over(partition_by=place, order_by=(urgency, col(OutboxRow.id))).label("rank"),
        )
        .join(TaskRow, col(TaskRow.id) == col(OutboxRow.task_id))
        .outerjoin(OriginRow, col(OriginRow.task_id) == col(OutboxRow.task_id))
        .where(*to_send(), col(OutboxRow.next_at) <= now, col(OutboxRow.kind).in_(kinds))
        .subquery()
    )
    query = (
        select(OutboxRow, TaskRow.team, channel, thread)
        .join(TaskRow, col(TaskRow.id) == col(OutboxRow.task_id))
        .outerjoin(OriginRow, col(OriginRow.task_id) == col(OutboxRow.task_id))
        .join(ranked, ranked.c.id == col(OutboxRow.id))
        .where(ranked.c.rank <= _OF_A_CHANNEL)
        .order_by(ranked.c.urgency, ranked.c.rank, col(OutboxRow.id))
        .limit(limit)
    )
    return [
        _post(row, Place(team=team, channel=channel, thread=thread))
        for row, team, channel, thread in session.exec(query)
    ]


def to_send() -> tuple[ColumnElement[bool], ...]:
    """Of a message and its task: there is something to send, and a place for it."""
    return (
        col(OutboxRow.wanted) > col(OutboxRow.sent),
        col(OutboxRow.blocked) == "",
        or_(
            col(TaskRow.thread).is_not(None),
            col(OutboxRow.kind).in_((PostKind.CARD, PostKind.ELSEWHERE)),
        ),
    )


def claim(session: Session, post: Post, *, now: datetime, quiet: timedelta = timedelta()) -> bool:
    """A send is under way: from here to `sent` its outcome is unknown. False when another sender has it.

    Should we die in the middle, nobody takes it up before `quiet` has passed: what we sent has arrived by then.
    `started_at` stays that of the first try whose fate is unknown: from then on it is looked for.
    """
    claimed = session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.key) == post.key, _unclaimed(post))
        .values(
            attempt=post.attempt + 1,
            is_unknown=post.ts is None,
            started_at=(post.started_at or now) if post.is_unknown else now,
            next_at=now + quiet,
        )
    )
    return bool(claimed.rowcount)


def wait(session: Session, post: Post, *, at: datetime) -> None:
    """It is not its turn before then; nobody has claimed it."""
    session.exec(update(OutboxRow).where(col(OutboxRow.key) == post.key, _unclaimed(post)).values(next_at=at))


def sent(session: Session, post: Post, *, ts: str, next_at: datetime) -> bool:
    """It is true as of `post.wanted`; the next update waits until `next_at`. False when it is another sender's."""
    return _settled(session, post, sent=post.wanted, ts=ts, is_unknown=False, attempt=0, next_at=next_at)


def later(session: Session, post: Post, *, at: datetime, is_unknown: bool) -> bool:
    """False when it is another sender's."""
    return _settled(session, post, next_at=at, is_unknown=is_unknown)


def blocked(session: Session, post: Post, *, reason: str) -> bool:
    """Slack refused for good: keep the reason, do not try again. False when it is another sender's."""
    return _settled(session, post, blocked=reason)


def reroot(session: Session, post: Post, *, now: datetime) -> bool:
    """The message was deleted: forget it, so that the next send posts it anew. False when it is another sender's."""
    return _settled(session, post, ts=None, is_unknown=False, next_at=now)


def stands(session: Session, post: Post) -> str | None:
    """The ts of what another sender made of this post; "" when it belongs elsewhere now. None: that is not done yet."""
    row = session.exec(select(OutboxRow).where(OutboxRow.key == post.key)).one()
    task = session.exec(select(TaskRow).where(TaskRow.id == post.task_id)).one()
    can_move = post.kind not in AWAY and post.place.thread is not None
    if can_move and (task.channel, task.thread) != (post.place.channel, post.place.thread):
        return ""
    return row.ts if row.sent > post.sent else None


def _settled(session: Session, post: Post, **outcome: Any) -> bool:
    """Only while the claim is ours: `attempt` grows with every claim, and begins anew only when `sent` grows."""
    is_ours = and_(col(OutboxRow.sent) == post.sent, col(OutboxRow.attempt) == post.attempt + 1)
    changed = session.exec(update(OutboxRow).where(col(OutboxRow.key) == post.key, is_ours).values(**outcome))
    return bool(changed.rowcount)


def _unclaimed(post: Post) -> ColumnElement[bool]:
    return and_(col(OutboxRow.sent) == post.sent, col(OutboxRow.attempt) == post.attempt)


def _post(row: OutboxRow, place: Place) -> Post:
    return Post(
        key=row.key,
        kind=PostKind(row.kind),
        ref=row.ref,
        task_id=row.task_id,
        place=place,
        priority=row.priority,
        ts=row.ts,
        wanted=row.wanted,
        sent=row.sent,
        attempt=row.attempt,
        is_unknown=row.is_unknown,
        started_at=row.started_at,
    )
