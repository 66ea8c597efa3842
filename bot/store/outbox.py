"""The outbox: one row per Slack message that is kept true.

The engine says in its own transaction that a message should look different (`want`); the sender makes
it so. Many changes before the sender comes by are one update: a row holds no text, the message is drawn
from the task when it is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, bindparam, col, insert, or_, select, update

from bot.domain.person import Place
from bot.store.tables import OUTBOX, OutboxRow, TaskRow

_BUMP = update(OUTBOX).where(OUTBOX.c.key == bindparam("its_key")).values(wanted=OUTBOX.c.wanted + 1)
_PUT = insert(OUTBOX)


class PostKind(StrEnum):
    CARD = "card"
    APPROVAL = "approval"
    RESULT = "result"
    FILE = "file"
    NOTE = "note"


_PRIORITY = {PostKind.APPROVAL: 0, PostKind.NOTE: 1, PostKind.FILE: 2, PostKind.RESULT: 3, PostKind.CARD: 4}


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
    attempt: int
    is_unknown: bool
    started_at: datetime | None


def want(session: Session, kind: PostKind, task_id: int, ref: str = "", *, now: datetime) -> None:
    """This message should exist and be true from now on."""
    key = f"{kind}:{ref}" if kind is PostKind.APPROVAL else f"{kind}:{task_id}:{ref}".rstrip(":")
    bumped = session.exec(_BUMP, params={"its_key": key})
    if not bumped.rowcount:
        row = {"key": key, "kind": kind, "ref": ref, "task_id": task_id}
        session.exec(_PUT, params=row | {"priority": _PRIORITY[kind], "next_at": now})


def due(session: Session, *, now: datetime, limit: int = 50) -> list[Post]:
    """What is to be sent, most urgent first. Until a task has a thread only its card goes out."""
    query = (
        select(OutboxRow, TaskRow.team, TaskRow.channel, TaskRow.thread)
        .join(TaskRow, col(TaskRow.id) == col(OutboxRow.task_id))
        .where(
            col(OutboxRow.wanted) > col(OutboxRow.sent),
            OutboxRow.blocked == "",
            col(OutboxRow.next_at) <= now,
            or_(col(TaskRow.thread).is_not(None), OutboxRow.kind == PostKind.CARD),
        )
        .order_by(col(OutboxRow.priority), col(OutboxRow.id))
        .limit(limit)
    )
    return [
        _post(row, Place(team=team, channel=channel, thread=thread))
        for row, team, channel, thread in session.exec(query)
    ]


def claim(session: Session, post: Post, *, now: datetime) -> bool:
    """A send is under way: from here to `sent` its outcome is unknown. False when another sender has it.

    `started_at` stays that of the first try whose fate is unknown: from then on it is looked for.
    """
    claimed = session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.key) == post.key, col(OutboxRow.attempt) == post.attempt)
        .values(
            attempt=post.attempt + 1,
            is_unknown=post.ts is None,
            started_at=(post.started_at or now) if post.is_unknown else now,
        )
    )
    return bool(claimed.rowcount)


def sent(session: Session, post: Post, *, ts: str, next_at: datetime) -> None:
    """It is true as of `post.wanted`; the next update waits until `next_at`."""
    session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.key) == post.key)
        .values(sent=post.wanted, ts=ts, is_unknown=False, attempt=0, next_at=next_at)
    )


def later(session: Session, post: Post, *, at: datetime, is_unknown: bool) -> None:
    session.exec(
        update(OutboxRow).where(col(OutboxRow.key) == post.key).values(next_at=at, is_unknown=is_unknown)
    )


def blocked(session: Session, post: Post, *, reason: str) -> None:
    """Slack refused for good: keep the reason, do not try again."""
    session.exec(update(OutboxRow).where(col(OutboxRow.key) == post.key).values(blocked=reason))


def reroot(session: Session, post: Post) -> None:
    """The message was deleted: forget it, so that the next send posts it anew."""
    session.exec(
        update(OutboxRow).where(col(OutboxRow.key) == post.key).values(ts=None, is_unknown=False, attempt=0)
    )


def posted(session: Session, key: str) -> str | None:
    """The ts of a message that stands in Slack."""
    return session.exec(select(OutboxRow.ts).where(OutboxRow.key == key)).first()


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
        attempt=row.attempt,
        is_unknown=row.is_unknown,
        started_at=row.started_at,
    )
