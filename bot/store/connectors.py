"""Connectors as teams set them up, what was last tried, and the servers that the operator approved."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session, col, delete, select

from bot.domain.connector import Catalogue, Connector, Definition, Era
from bot.domain.person import Person
from bot.domain.tooling import Setup, Toggle
from bot.store.connector_table import ConnectorRow, ServerRow, TriedRow
from bot.store.encoding import written


def of(session: Session, team: str, slug: str) -> Setup | None:
    row = session.get(ConnectorRow, (team, slug))
    return None if row is None else _setup(row)


def of_team(session: Session, team: str) -> dict[str, Setup]:
    """By slug, in their order."""
    rows = session.exec(
        select(ConnectorRow).where(ConnectorRow.team == team).order_by(col(ConnectorRow.slug))
    )
    return {row.slug: _setup(row) for row in rows}


def keep(session: Session, team: str, slug: str, setup: Setup, *, now: datetime) -> None:
    """In place of what was there."""
    session.merge(
        ConnectorRow(
            team=team,
            slug=slug,
            server=setup.server,
            connector="" if setup.connector is None else written(_connector(), setup.connector),
            toggles=written(_toggles(), setup.toggles),
            accepted=written(_definitions(), setup.accepted),
            catalogue="" if setup.catalogue is None else written(_catalogue(), setup.catalogue),
            is_on=setup.is_on,
            added_by=setup.added_by,
            at=now,
        )
    )


def forget(session: Session, team: str, slug: str) -> bool:
    """With what was tried of it. False: there was none."""
    session.exec(delete(TriedRow).where(col(TriedRow.team) == team, col(TriedRow.slug) == slug))
    gone = delete(ConnectorRow).where(col(ConnectorRow.team) == team, col(ConnectorRow.slug) == slug)
    return bool(session.exec(gone).rowcount)


def era_of(session: Session, server: str) -> Era:
    """The protocol that was last found there, by whichever team."""
    rows = session.exec(
        select(ConnectorRow.catalogue)
        .where(col(ConnectorRow.server) == server, col(ConnectorRow.catalogue) != "")
        .order_by(col(ConnectorRow.at).desc())
        .limit(1)
    )
    found = rows.first()
    return Era.UNKNOWN if found is None else _catalogue_in(found).era


def tried(session: Session, person: Person, connector: Connector) -> Catalogue | None:
    """What this person was shown of exactly this connector; None where they tested none, or another since."""
    row = session.get(TriedRow, (person.team, person.user, connector.slug))
    if row is None or row.connector != written(_connector(), connector):
        return None
    return _catalogue_in(row.catalogue)


def tried_at(session: Session, team: str, connectors: Iterable[Connector]) -> dict[str, datetime]:
    """By slug when each was last tested exactly as it is here."""
    now = {one.slug: written(_connector(), one) for one in connectors}
    rows = session.exec(select(TriedRow).where(TriedRow.team == team).order_by(col(TriedRow.at)))
    return {row.slug: row.at for row in rows if row.connector == now.get(row.slug)}


def keep_tried(
    session: Session, person: Person, connector: Connector, catalogue: Catalogue, *, now: datetime
) -> None:
    session.merge(
        TriedRow(
            team=person.team,
            user=person.user,
            slug=connector.slug,
            connector=written(_connector(), connector),
            catalogue=written(_catalogue(), catalogue),
            at=now,
        )
    )


def servers(session: Session) -> list[str]:
    """The approved ones, in the order of their names."""
    return sorted(row.server for row in session.exec(select(ServerRow)))


def approve(session: Session, server: str, *, by: str, now: datetime) -> bool:
    """False: it was already."""
    if session.get(ServerRow, _digest(server)) is not None:
        return False
    session.add(ServerRow(digest=_digest(server), server=server, by=by, at=now))
    return True


def withdraw(session: Session, server: str) -> bool:
    """False: it was not approved."""
    gone = session.exec(delete(ServerRow).where(col(ServerRow.digest) == _digest(server)))
    return bool(gone.rowcount)


def _setup(row: ConnectorRow) -> Setup:
    return Setup(
        server=row.server,
        connector=_connector().validate_json(row.connector) if row.connector else None,
        toggles=_toggles().validate_json(row.toggles),
        accepted=_accepted_in(row.accepted),
        catalogue=_catalogue_in(row.catalogue) if row.catalogue else None,
        is_on=row.is_on,
        added_by=row.added_by,
    )


def _digest(server: str) -> str:
    return hashlib.sha256(server.encode(errors="surrogatepass")).hexdigest()


# Read at every verdict, and changed hardly ever: what it says is frozen, and kept by its text.


@functools.lru_cache(maxsize=128)
def _catalogue_in(text: str) -> Catalogue:
    found: Catalogue = _catalogue().validate_json(text)
    return found


@functools.lru_cache(maxsize=128)
def _accepted_in(text: str) -> tuple[Definition, ...]:
    found: tuple[Definition, ...] = _definitions().validate_json(text)
    return found


# Made by the first that needs one: a process without connectors needs none.


@functools.cache
def _connector() -> TypeAdapter[Any]:
    return TypeAdapter(Connector)


@functools.cache
def _catalogue() -> TypeAdapter[Any]:
    return TypeAdapter(Catalogue)


@functools.cache
def _toggles() -> TypeAdapter[Any]:
    return TypeAdapter(dict[str, Toggle])


@functools.cache
def _definitions() -> TypeAdapter[Any]:
    return TypeAdapter(tuple[Definition, ...])
