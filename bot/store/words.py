"""What people said in the thread, kept until the model has read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, bindparam, col, func, select, update

from bot.domain.person import Person
from bot.store.statements import run
from bot.store.tables import WORDS, WordsRow

_WAITING = (
    select(WORDS.c.id, WORDS.c.author, WORDS.c.text)
    .where(WORDS.c.task_id == bindparam("task"), WORDS.c.taken.is_(False))
    .order_by(WORDS.c.id)
)

_TAKEN = (
    select(WORDS.c.id, WORDS.c.author, WORDS.c.text)
    .where(WORDS.c.task_id == bindparam("task"), WORDS.c.taken.is_(True))
    .order_by(WORDS.c.id)
)


@dataclass(frozen=True, kw_only=True)
class Words:
    id: int
    author: str
    text: str


def add(session: Session, task_id: int, *, author: str, text: str, now: datetime, user: str = "") -> None:
    """`author` is the name that the model is told; people are known by their id, as names are theirs to choose."""
    session.add(WordsRow(task_id=task_id, author=author, user=user, text=text, at=now))
    session.flush()


def waiting(session: Session, task_id: int) -> list[Words]:
    rows = run(session, _WAITING, {"task": task_id})
    return [Words(id=number, author=author, text=text) for number, author, text in rows]


def taken(session: Session, task_id: int) -> list[Words]:
    """What the model has been told, in order."""
    rows = session.exec(_TAKEN, params={"task": task_id})
    return [Words(id=number, author=author, text=text) for number, author, text in rows]


def by(session: Session, task_id: int, person: Person) -> list[str]:
    """All that this person has said since the task began."""
    query = select(WordsRow.text).where(WordsRow.task_id == task_id, WordsRow.user == person.user)
    return list(session.exec(query.order_by(col(WordsRow.id))))


def take(session: Session, words: list[Words]) -> None:
    if not words:
        return
    ids = [one.id for one in words]
    session.exec(update(WordsRow).where(col(WordsRow.id).in_(ids)).values(taken=True))


def count_by(session: Session, task_id: int, author: str) -> int:
    query = select(func.count()).where(WordsRow.task_id == task_id, WordsRow.author == author)
    return session.exec(query).one()
