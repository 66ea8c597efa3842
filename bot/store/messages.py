"""The history sent to the model: appended, never edited."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists
from sqlalchemy import text as sql
from sqlmodel import Session, bindparam, col, func, insert, select, update

from bot.domain.turn import Turn, Usage
from bot.store import encoding
from bot.store.tables import MESSAGE, MessageRow, PrefixRow, TaskRow

_LAST = select(func.max(MESSAGE.c.seq)).where(MESSAGE.c.task_id == bindparam("task"))
_APPEND = insert(MESSAGE)
_SHOWN = ("role", "content", "stop_reason", "message_id")


@dataclass(frozen=True, kw_only=True)
class Message:
    """`content` is the JSON text of the blocks, as stored."""

    seq: int
    role: str
    content: str
    stop_reason: str = ""
    message_id: str = ""


def of_task(session: Session, task_id: int, *, after: int = 0) -> list[Message]:
    rows = session.exec(
        select(MessageRow)
        .where(MessageRow.task_id == task_id, MessageRow.seq > after)
        .order_by(col(MessageRow.seq))
    )
    return [
        Message(
            seq=row.seq,
            role=row.role,
            content=row.content,
            stop_reason=row.stop_reason,
            message_id=row.message_id,
        )
        for row in rows
    ]


def prefix_of(session: Session, task_id: int) -> str | None:
    """The frozen beginning of this task's conversation; None before its first turn."""
    query = (
        select(PrefixRow.text)
        .join(TaskRow, col(TaskRow.prefix) == PrefixRow.digest)
        .where(TaskRow.id == task_id, exists().where(col(MessageRow.task_id) == task_id))
    )
    return session.exec(query).first()


def freeze_prefix(session: Session, task_id: int, text: str) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = sql("INSERT INTO prefix (digest, text) VALUES (:digest, :text) ON CONFLICT DO NOTHING")
    session.execute(known, {"digest": digest, "text": text})
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(prefix=digest))


def append_words(session: Session, task_id: int, content: str, *, now: datetime) -> Message:
    """A user message: results, then words."""
    return _append(session, {"task_id": task_id, "role": "user", "content": content, "at": now})


def append_turn(session: Session, task_id: int, turn: Turn, *, now: datetime) -> Message:
    """A turn of the model, byte for byte."""
    row = {
        "task_id": task_id,
        "role": "assistant",
        "content": turn.content,
        "stop_reason": turn.stop_reason,
        "request_id": turn.request_id,
        "message_id": turn.message_id,
        "usage": encoding.as_text(_usage(turn.usage)),
        "at": now,
    }
    return _append(session, row)


def _append(session: Session, row: dict[str, Any]) -> Message:
    last: int | None = session.exec(_LAST, params={"task": row["task_id"]}).one()
    seq = (last or 0) + 1
    session.exec(_APPEND, params=row | {"seq": seq})
    return Message(seq=seq, **{name: row[name] for name in _SHOWN if name in row})


def _usage(usage: Usage) -> dict[str, object]:
    return encoding.as_dict(usage)
