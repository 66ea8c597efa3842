"""API tokens: found by the digest of their secret, listed, revoked; and for which tasks whose token spoke."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, or_, select, update

from bot.domain.person import Person
from bot.domain.token import Token, TokenScope
from bot.store import locks
from bot.store.token_table import AskedByTokenRow, TokenRow


def add(session: Session, token: Token, digest: str) -> None:
    row = TokenRow(
        id=token.id,
        digest=digest,
        team=token.person.team,
        user=token.person.user,
        user_name=token.person.name,
        name=token.name,
        scopes=" ".join(sorted(token.scopes)),
        made_at=token.made_at,
        made_by=token.made_by,
        expires_at=token.expires_at,
    )
    session.add(row)
    session.flush()


def by_digest(session: Session, digest: str) -> Token | None:
    row = session.exec(select(TokenRow).where(TokenRow.digest == digest)).first()
    return None if row is None else _token(row)


def get(session: Session, token_id: str) -> Token | None:
    row = session.get(TokenRow, token_id)
    return None if row is None else _token(row)


def all_of(session: Session, person: Person | None = None) -> list[Token]:
    """Newest first, those that are over too; everybody's without a person."""
    query = select(TokenRow).order_by(col(TokenRow.made_at).desc(), col(TokenRow.id))
    if person is not None:
        query = query.where(TokenRow.team == person.team, TokenRow.user == person.user)
    return [_token(row) for row in session.exec(query)]


def of_team(session: Session, team: str) -> list[Token]:
    """Everybody's of a workspace, newest first."""
    query = select(TokenRow).where(TokenRow.team == team)
    found = session.exec(query.order_by(col(TokenRow.made_at).desc(), col(TokenRow.id)))
    return [_token(row) for row in found]


def hold_names(session: Session, person: Person) -> None:
    """Until the commit nobody else names a token of this person's."""
    locks.hold(session, "token", f"{person.team} {person.user}")


def revoke(session: Session, token_id: str, *, now: datetime) -> bool:
    """False when it was revoked before."""
    change = (
        update(TokenRow)
        .where(col(TokenRow.id) == token_id, col(TokenRow.revoked_at).is_(None))
        .values(revoked_at=now)
    )
    return bool(session.exec(change).rowcount)


def has_good(session: Session, person: Person, name: str, *, now: datetime) -> bool:
    """Whether a token of theirs with this name can be used."""
    return any(one.name == name and one.is_good(now) for one in all_of(session, person))


def use(session: Session, token_id: str, *, now: datetime, unless_since: datetime) -> None:
    """That it was used, unless that is known since then."""
    is_old = or_(col(TokenRow.used_at).is_(None), col(TokenRow.used_at) < unless_since)
    session.exec(update(TokenRow).where(col(TokenRow.id) == token_id, is_old).values(used_at=now))


def asked_by(session: Session, task_id: int, person: Person) -> None:
    """Words for this task came by a token of this person's: from now on none of theirs says yes in it."""
    if person.via and not has_asked(session, task_id, person):
        session.add(AskedByTokenRow(task_id=task_id, team=person.team, user=person.user))
        session.flush()


def has_asked(session: Session, task_id: int, person: Person) -> bool:
    return session.get(AskedByTokenRow, (task_id, person.team, person.user)) is not None


def _token(row: TokenRow) -> Token:
    person = Person(team=row.team, user=row.user, name=row.user_name)
    return Token(
        id=row.id,
        person=replace(person, via=f"API token {row.name}"),
        name=row.name,
        scopes=frozenset(TokenScope(one) for one in row.scopes.split()),
        made_at=row.made_at,
        made_by=row.made_by,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )
