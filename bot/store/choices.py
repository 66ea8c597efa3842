"""What a team's admins, and its people for themselves, chose for each plugin."""

from __future__ import annotations

import json
from datetime import datetime

from sqlmodel import Session, col, delete, select

from bot.domain.choice import Choice
from bot.domain.grant import Permission
from bot.domain.person import Person
from bot.store.choice_table import ChoiceRow

TEAM = ""


def of(session: Session, team: str, plugin: str, *, user: str = TEAM) -> Choice | None:
    row = session.get(ChoiceRow, (team, user, plugin))
    return None if row is None else _choice(row.chosen)


def of_team(session: Session, team: str, *, user: str = TEAM) -> dict[str, Choice]:
    """By plugin."""
    rows = session.exec(select(ChoiceRow).where(col(ChoiceRow.team) == team, col(ChoiceRow.user) == user))
    return {row.plugin: _choice(row.chosen) for row in rows}


def choose(
    session: Session, person: Person, plugin: str, choice: Choice, *, now: datetime, user: str = TEAM
) -> None:
    """In place of what was chosen before."""
    row = ChoiceRow(team=person.team, user=user, plugin=plugin, chosen=_text(choice), by=person.user, at=now)
    session.merge(row)


def forget(session: Session, team: str, plugin: str) -> None:
    """The plugin is uninstalled: everybody's choices for it go."""
    session.exec(delete(ChoiceRow).where(col(ChoiceRow.team) == team, col(ChoiceRow.plugin) == plugin))


def _text(choice: Choice) -> str:
    return json.dumps(
        {
            "is_on": choice.is_on,
            "permissions": {
                tool: permission.value for tool, permission in sorted(choice.permissions.items())
            },
            "scope": list(choice.scope),
            "known": sorted(choice.known),
            "version": choice.version,
        }
    )


def _choice(text: str) -> Choice:
    found = json.loads(text)
    return Choice(
        is_on=found["is_on"],
        permissions={tool: Permission(value) for tool, value in found["permissions"].items()},
        scope=tuple(found["scope"]),
        known=frozenset(found["known"]),
        version=found["version"],
    )
