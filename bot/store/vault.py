"""Secrets that are kept: each by its owner and name, sealed before it reaches the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, select

from bot.store.sealing import Seal
from bot.store.secret_table import SecretRow

OPERATOR = "operator"


@dataclass(frozen=True, kw_only=True)
class Named:
    """That there is one, without what it is. `at` is when it was kept."""

    owner: str
    name: str
    at: datetime


def keep(session: Session, seal: Seal, *, owner: str, name: str, value: str, now: datetime) -> None:
    """In place of one of the same name. Raises `NotConfigured` without a key: nothing is kept in the clear."""
    session.merge(SecretRow(owner=owner, name=name, sealed=seal.sealed(value), at=now))


def value(session: Session, seal: Seal, *, owner: str, name: str) -> str | None:
    row = session.get(SecretRow, (owner, name))
    return None if row is None else seal.opened(row.sealed)


def forget(session: Session, *, owner: str, name: str) -> bool:
    """False: there was none."""
    found = delete(SecretRow).where(col(SecretRow.owner) == owner, col(SecretRow.name) == name)
    return bool(session.exec(found).rowcount)


def names(session: Session) -> list[Named]:
    rows = session.exec(select(SecretRow).order_by(col(SecretRow.owner), col(SecretRow.name)))
    return [Named(owner=row.owner, name=row.name, at=row.at) for row in rows]


def values(session: Session, seal: Seal) -> tuple[tuple[str, str], ...]:
    """All of them by name, for whoever hides them in what others read."""
    return tuple((row.name, seal.opened(row.sealed)) for row in session.exec(select(SecretRow)))


def rotate(session: Session, seal: Seal) -> int:
    """Seal every one with the first key, so that the others can be taken away. All, or none and `NotConfigured`."""
    rows = session.exec(select(SecretRow).with_for_update()).all()
    for row in rows:
        row.sealed = seal.again(row.sealed)
        session.add(row)
    return len(rows)
