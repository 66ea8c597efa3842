"""The history sent to the model: appended, never edited, and begun anew with each chapter."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists
from sqlalchemy import text as sql
from sqlmodel import Session, bindparam, col, func, insert, select, update

from bot.domain.turn import Summary, Turn
from bot.store import encoding
from bot.store.statements import put
from bot.store.tables import MESSAGE, MessageRow, PrefixRow, TaskRow

SUMMED_UP = "compaction"

_LAST = (
    select(MESSAGE.c.seq, MESSAGE.c.chapter)
    .where(MESSAGE.c.task_id == bindparam("task"))
    .order_by(MESSAGE.c.seq.desc())
    .limit(1)
)
_APPEND = insert(MESSAGE).inline()
_SHOWN = ("role", "content", "stop_reason", "message_id", "tokens")


@dataclass(frozen=True, kw_only=True)
class Message:
    """`content` is the JSON text of the blocks, as stored. `tokens`: the chapter with it; 0 = not counted."""

    seq: int
    role: str
    content: str
    stop_reason: str = ""
    message_id: str = ""
    tokens: int = 0
    chapter: int = 1

    @property
    def is_summary(self) -> bool:
        """The service's own summary of the chapter before, which it knows by its signature."""
        return self.stop_reason == SUMMED_UP

    @property
    def is_turn(self) -> bool:
        return self.role == "assistant" and not self.is_summary


def of_task(session: Session, task_id: int, *, after: int = 0) -> list[Message]:
    """All chapters, as the audit needs them."""
    rows = session.exec(
        select(MessageRow)
        .where(MessageRow.task_id == task_id, MessageRow.seq > after)
        .order_by(col(MessageRow.seq))
    )
    return [_message(row) for row in rows]


def of_chapter(session: Session, task_id: int) -> list[Message]:
    """The open chapter: what the model is sent."""
    rows = session.exec(
        select(MessageRow)
        .where(MessageRow.task_id == task_id, MessageRow.chapter == _newest(session, task_id))
        .order_by(col(MessageRow.seq))
    )
    return [_message(row) for row in rows]


def size(session: Session, task_id: int) -> int:
    """How large the conversation is in tokens, by the service's last count; 0 where it did not tell."""
    counted = select(func.max(MessageRow.tokens)).where(
        MessageRow.task_id == task_id, MessageRow.chapter == _newest(session, task_id)
    )
    return session.exec(counted).one() or 0


def prefix_of(session: Session, task_id: int) -> str | None:
    """The frozen beginning of this task's open chapter; None before its first turn."""
    turn = exists().where(
        col(MessageRow.task_id) == task_id,
        col(MessageRow.chapter) == _newest(session, task_id),
        col(MessageRow.role) == "assistant",
        col(MessageRow.stop_reason) != SUMMED_UP,
    )
    query = (
        select(PrefixRow.text)
        .join(TaskRow, col(TaskRow.prefix) == PrefixRow.digest)
        .where(TaskRow.id == task_id, turn)
    )
    return session.exec(query).first()


def digest_of_prefix(session: Session, task_id: int) -> str:
    """Under which the frozen beginning is kept."""
    return session.exec(select(TaskRow.prefix).where(TaskRow.id == task_id)).one()


def freeze_prefix(session: Session, task_id: int, text: str) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = sql("INSERT INTO prefix (digest, text) VALUES (:digest, :text) ON CONFLICT DO NOTHING")
    session.execute(known, {"digest": digest, "text": text})
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(prefix=digest))


def append_step(
    session: Session, task_id: int, content: str, turn: Turn, *, last: Message | None, now: datetime
) -> list[Message]:
    """What was asked ("" for nothing) and what the model said, behind the `last` message of the open chapter."""
    seq, chapter = (0, 1) if last is None else (last.seq, last.chapter)
    said = _of_turn(task_id, turn, now)
    nothing = dict.fromkeys(said, "") | {"usage": "{}", "tokens": 0}
    asked = nothing | {"task_id": task_id, "role": "user", "content": content, "at": now}
    rows = [asked, said] if content else [said]
    for number, row in enumerate(rows, 1):
        row |= {"seq": seq + number, "chapter": chapter}
        put(session, _APPEND, row)
    return [Message(seq=row["seq"], chapter=chapter, **{name: row[name] for name in _SHOWN}) for row in rows]


def append_words(session: Session, task_id: int, content: str, *, now: datetime) -> Message:
    """A user message: results, then words."""
    return _append(session, {"task_id": task_id, "role": "user", "content": content, "at": now})


def begin_chapter(
    session: Session, task_id: int, summary: Summary, content: str, *, now: datetime
) -> list[Message]:
    """The messages that a new chapter begins with: the service's summary as it came, where it gave one, then ours."""
    begun = []
    if summary.content:
        row = {
            "task_id": task_id,
            "role": "assistant",
            "content": summary.content,
            "stop_reason": SUMMED_UP,
            "request_id": summary.request_id,
            "message_id": summary.message_id,
            "usage": encoding.as_text(encoding.as_dict(summary.usage)),
            "at": now,
        }
        begun.append(_append(session, row, is_new_chapter=True))
    row = {"task_id": task_id, "role": "user", "content": content, "at": now}
    begun.append(_append(session, row, is_new_chapter=not begun))
    return begun


def _append(session: Session, row: dict[str, Any], *, is_new_chapter: bool = False) -> Message:
    seq, chapter = session.exec(_LAST, params={"task": row["task_id"]}).first() or (0, 1)
    place = {"seq": seq + 1, "chapter": chapter + is_new_chapter}
    session.exec(_APPEND, params=row | place)
    return Message(**place, **{name: row[name] for name in _SHOWN if name in row})


def _of_turn(task_id: int, turn: Turn, now: datetime) -> dict[str, Any]:
    return {
        "task_id": task_id,
        "role": "assistant",
        "content": turn.content,
        "stop_reason": turn.stop_reason,
        "request_id": turn.request_id,
        "message_id": turn.message_id,
        "usage": encoding.as_text(encoding.as_dict(turn.usage)),
        "tokens": turn.tokens,
        "at": now,
    }


def _newest(session: Session, task_id: int) -> int:
    last = session.exec(_LAST, params={"task": task_id}).first()
    return 1 if last is None else int(last[1])


def _message(row: MessageRow) -> Message:
    return Message(
        seq=row.seq,
        role=row.role,
        content=row.content,
        stop_reason=row.stop_reason,
        message_id=row.message_id,
        tokens=row.tokens,
        chapter=row.chapter,
    )
