"""What a task's requester fixed, and which of their words no model has read for it yet."""

from __future__ import annotations

import json
from functools import lru_cache

from sqlmodel import Session, col, select, update

from bot.domain.brief import Brief
from bot.store import encoding
from bot.store.tables import TaskRow


def of(session: Session, task_id: int) -> Brief:
    text = session.exec(select(TaskRow.brief).where(TaskRow.id == task_id)).one()
    return parsed(text)


def put(session: Session, task_id: int, brief: Brief) -> None:
    """The caller holds the row: nobody else changes it in between."""
    text = encoding.legible(encoding.written(encoding.brief, brief))
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(brief=text))


@lru_cache(maxsize=256)
def parsed(text: str) -> Brief:
    return encoding.brief.validate_json(text)


def unread(session: Session, task_id: int) -> list[str]:
    """Words of the requester that no model has read yet, in order."""
    said: list[str] = json.loads(session.exec(select(TaskRow.unread).where(TaskRow.id == task_id)).one())
    return said


def add_unread(session: Session, task_id: int, words: str) -> None:
    _put_unread(session, task_id, [*unread(session, task_id), words])


def take_unread(session: Session, task_id: int, words: list[str]) -> None:
    """These, the first of them, are read."""
    _put_unread(session, task_id, unread(session, task_id)[len(words) :])


def _put_unread(session: Session, task_id: int, words: list[str]) -> None:
    text = encoding.as_text([encoding.legible(one) for one in words])
    session.exec(update(TaskRow).where(col(TaskRow.id) == task_id).values(unread=text))
