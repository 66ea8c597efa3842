"""Choices of a person or a team, such as how freely the colleague may work."""

from __future__ import annotations

from sqlmodel import Session

from bot.domain.person import Person
from bot.store.tables import SettingRow


def of_person(session: Session, person: Person, name: str) -> str | None:
    row = session.get(SettingRow, (_scope(person), name))
    return None if row is None else row.value


def choose(session: Session, person: Person, name: str, value: str) -> None:
    session.merge(SettingRow(scope=_scope(person), name=name, value=value))


def _scope(person: Person) -> str:
    return f"{person.user}@{person.team}"
