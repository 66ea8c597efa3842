"""Connections: one per owner and plugin, its secrets sealed together with whose they are."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, or_, select, update

from bot.domain.connected import TEAM, Connected
from bot.errors import NotConfigured
from bot.store.connection_table import ConnectionRow
from bot.store.sealing import Seal

Secrets = Mapping[str, str]


def of(session: Session, team: str, owner: str, plugin: str) -> Connected | None:
    row = session.exec(select(ConnectionRow).where(*_whose(team, owner, plugin))).first()
    return None if row is None else _connected(row)


def for_person(session: Session, team: str, user: str) -> list[Connected]:
    """Theirs and the team's."""
    rows = session.exec(
        select(ConnectionRow)
        .where(ConnectionRow.team == team, col(ConnectionRow.user).in_((TEAM, user)))
        .order_by(col(ConnectionRow.plugin), col(ConnectionRow.user))
    )
    return [_connected(row) for row in rows]


def of_people(session: Session, team: str) -> list[Connected]:
    """Everybody's own, for admins."""
    rows = session.exec(
        select(ConnectionRow)
        .where(ConnectionRow.team == team, ConnectionRow.user != TEAM)
        .order_by(col(ConnectionRow.plugin), col(ConnectionRow.user))
    )
    return [_connected(row) for row in rows]


def of_plugin(session: Session, team: str, plugin: str) -> list[Connected]:
    """Everybody's: it is to be uninstalled."""
    rows = session.exec(
        select(ConnectionRow).where(ConnectionRow.team == team, ConnectionRow.plugin == plugin)
    )
    return [_connected(row) for row in rows]


def keep(session: Session, seal: Seal, made: Connected, secrets: Secrets) -> None:
    """In place of what this owner had there. Raises `NotConfigured` without a key: nothing is kept in the clear."""
    sealed = _sealed(seal, made, secrets)
    forget(session, made)
    session.add(
        ConnectionRow(
            id=made.id,
            team=made.team,
            user=made.owner,
            plugin=made.plugin,
            way=made.way,
            account=made.account,
            scopes=json.dumps(made.scopes),
            can=json.dumps(made.can),
            facts=json.dumps(dict(made.facts)),
            sealed=sealed,
            trouble=made.trouble,
            ends_at=made.ends_at,
            renewed_at=made.renewed_at,
            checked_at=made.checked_at,
            made_at=made.made_at,
            made_by=made.made_by,
            version=made.version,
        )
    )


def whole(
    session: Session, seal: Seal, team: str, owner: str, plugin: str
) -> tuple[Connected, Secrets | None] | None:
    """What it is and what it holds, of one moment; None for the secrets of one that is dead, which nobody needs."""
    row = session.exec(select(ConnectionRow).where(*_whose(team, owner, plugin))).first()
    if row is None:
        return None
    return _connected(row), None if row.trouble else _opened(seal, row)


def opened(session: Session, seal: Seal, one: Connected) -> Secrets | None:
    """What it holds; None when it is another now. Raises `NotConfigured` for what no key of ours opens."""
    row = session.get(ConnectionRow, one.id)
    if row is None or row.version != one.version:
        return None
    return _opened(seal, row)


def claim(session: Session, one: Connected, *, by: str, now: datetime, until: datetime) -> bool:
    """Its secrets are to be renewed, by us alone until then. False: they are renewed by another, or were."""
    is_free = or_(col(ConnectionRow.refresher) == "", col(ConnectionRow.refreshing_until) <= now)
    claimed = session.exec(
        update(ConnectionRow)
        .where(_is_it(one), col(ConnectionRow.version) == one.version, is_free)
        .values(refresher=by, refreshing_until=until)
    )
    return bool(claimed.rowcount)


def renewed(
    session: Session,
    seal: Seal,
    one: Connected,
    secrets: Secrets,
    *,
    by: str,
    ends_at: datetime | None,
    now: datetime,
) -> bool:
    """What was got is kept, before it is used. False: it was taken from us, or is gone."""
    sealed = _sealed(seal, one, secrets)
    return _settled(
        session, one, by, sealed=sealed, ends_at=ends_at, renewed_at=now, checked_at=now, trouble=""
    )


def let_go(session: Session, one: Connected, *, by: str) -> bool:
    """Nothing was got; another may try."""
    freed = session.exec(
        update(ConnectionRow).where(_is_it(one), _is_by(by)).values(refresher="", refreshing_until=None)
    )
    return bool(freed.rowcount)


def died(session: Session, one: Connected, why: str, *, now: datetime, by: str = "") -> bool:
    """It needs a new sign-in. False: it is another by now, or is being renewed by somebody else than `by`."""
    if by:
        return _settled(session, one, by, trouble=why, checked_at=now)
    return _changed(session, one, now, trouble=why, checked_at=now)


def end_early(session: Session, one: Connected, *, now: datetime) -> bool:
    """The service refused its token before its time: the next use renews it first."""
    return _changed(session, one, now, ends_at=now)


def checked(
    session: Session,
    one: Connected,
    *,
    account: str,
    can: tuple[str, ...],
    facts: Mapping[str, str],
    now: datetime,
) -> bool:
    """A real call showed whose it is, and that it works."""
    seen = session.exec(
        update(ConnectionRow)
        .where(_is_it(one), col(ConnectionRow.version) == one.version)
        .values(account=account, can=json.dumps(can), facts=json.dumps(dict(facts)), checked_at=now)
    )
    return bool(seen.rowcount)


def forget(session: Session, one: Connected) -> bool:
    """Whatever its owner has there. False: there was nothing."""
    gone = session.exec(delete(ConnectionRow).where(*_whose(one.team, one.owner, one.plugin)))
    return bool(gone.rowcount)


def everything(session: Session, seal: Seal) -> list[tuple[Connected, Secrets]]:
    """All that is kept, to be hidden in what others read. What no key of ours opens is left out."""
    found = []
    for row in session.exec(select(ConnectionRow)):
        with contextlib.suppress(NotConfigured):
            found.append((_connected(row), _opened(seal, row)))
    return found


def count(session: Session, seal: Seal) -> int:
    """How many there are. Raises `NotConfigured` when one cannot be opened."""
    return sum(1 for row in session.exec(select(ConnectionRow)) if _opened(seal, row) is not None)


def rotate(session: Session, seal: Seal) -> int:
    """Seal every one with the first key. All, or none and `NotConfigured`."""
    rows = session.exec(select(ConnectionRow).with_for_update()).all()
    for row in rows:
        row.sealed = seal.again(row.sealed)
        session.add(row)
    return len(rows)


def _changed(session: Session, one: Connected, now: datetime, **changes: Any) -> bool:
    """Not while somebody renews it: what they get would be lost."""
    is_idle = or_(col(ConnectionRow.refresher) == "", col(ConnectionRow.refreshing_until) <= now)
    changed = session.exec(
        update(ConnectionRow)
        .where(_is_it(one), col(ConnectionRow.version) == one.version, is_idle)
        .values(version=ConnectionRow.version + 1, **changes)
    )
    return bool(changed.rowcount)


def _settled(session: Session, one: Connected, by: str, **changes: Any) -> bool:
    settled = session.exec(
        update(ConnectionRow)
        .where(_is_it(one), _is_by(by))
        .values(refresher="", refreshing_until=None, version=ConnectionRow.version + 1, **changes)
    )
    return bool(settled.rowcount)


def _whose(team: str, owner: str, plugin: str) -> tuple[Any, ...]:
    return ConnectionRow.team == team, ConnectionRow.user == owner, ConnectionRow.plugin == plugin


def _is_it(one: Connected) -> ColumnElement[bool]:
    return col(ConnectionRow.id) == one.id


def _is_by(by: str) -> ColumnElement[bool]:
    return col(ConnectionRow.refresher) == by


def _sealed(seal: Seal, one: Connected, secrets: Secrets) -> str:
    owner = _owner(one.team, one.owner, one.plugin, one.id)
    return seal.sealed(json.dumps({"o": owner, "d": dict(secrets)}))


def _opened(seal: Seal, row: ConnectionRow) -> Secrets:
    """A sealed text that was put into another's row is not theirs."""
    found = json.loads(seal.opened(row.sealed))
    if found["o"] != _owner(row.team, row.user, row.plugin, row.id):
        raise NotConfigured(
            f"The connection {row.id} holds the secrets of another: somebody changed the database. It is not used."
        )
    secrets: Secrets = found["d"]
    return secrets


def _owner(team: str, user: str, plugin: str, connection: str) -> str:
    return ":".join((team, user, plugin, connection))


def _connected(row: ConnectionRow) -> Connected:
    return Connected(
        id=row.id,
        team=row.team,
        owner=row.user,
        plugin=row.plugin,
        way=row.way,
        account=row.account,
        made_by=row.made_by,
        made_at=row.made_at,
        checked_at=row.checked_at,
        renewed_at=row.renewed_at,
        scopes=tuple(json.loads(row.scopes)),
        can=tuple(json.loads(row.can)),
        facts=json.loads(row.facts),
        trouble=row.trouble,
        ends_at=row.ends_at,
        version=row.version,
    )
