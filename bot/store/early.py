"""What came before the goal it belongs to: Slack delivers in any order, and the reply may overtake its thread."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select, update

from bot.domain.person import Person, Place
from bot.store.tables import EarlyRow


class Kind(StrEnum):
    """WORDS: a reply. SIGN: a stop sign on the goal. EDIT: the goal in new words.

    ASIDE: a reply that is ours only if its thread began with a goal.
    UNHEARD: words whose author is being told that no goal came, so they are for none any more.
    """

    WORDS = "words"
    SIGN = "sign"
    EDIT = "edit"
    ASIDE = "aside"
    UNHEARD = "unheard"


@dataclass(frozen=True, kw_only=True)
class Early:
    """`place` is the thread of the goal, or the goal itself; `ts` says in which order things were done there."""

    id: int = 0
    kind: Kind
    person: Person
    place: Place
    ts: str
    text: str


def keep(session: Session, one: Early, *, due: datetime) -> None:
    """Until its goal comes; at `due` it is given up."""
    row = EarlyRow(
        kind=one.kind,
        team=one.place.team,
        channel=one.place.channel,
        thread=one.place.thread or "",
        user=one.person.user,
        user_name=one.person.name,
        ts=one.ts,
        text=one.text,
        due=due,
    )
    session.add(row)
    session.flush()


def take(session: Session, place: Place, *, threads: Collection[str], since: str) -> list[Early]:
    """What was kept for the goal of these threads and done since then, in order; it is kept no more.

    Without `since` nobody knows what an aside was about.
    """
    query = select(EarlyRow).where(*_of(place, threads), col(EarlyRow.ts) > since)
    if not since:
        query = query.where(col(EarlyRow.kind) != Kind.ASIDE)
    query = query.order_by(col(EarlyRow.ts), col(EarlyRow.id))
    rows = session.exec(query.with_for_update()).all()
    if rows:
        session.exec(delete(EarlyRow).where(col(EarlyRow.id).in_([row.id for row in rows])))
    return [_early(row) for row in rows]


def hasten(session: Session, place: Place, *, now: datetime) -> None:
    """No goal will come in this thread."""
    session.exec(update(EarlyRow).where(*_of(place, [place.thread or ""])).values(due=now))


def given_up(session: Session, *, now: datetime, limit: int) -> list[Early]:
    """What nobody needs to wait for any more."""
    query = select(EarlyRow).where(col(EarlyRow.due) <= now).order_by(col(EarlyRow.id)).limit(limit)
    return [_early(row) for row in session.exec(query)]


def give_up(session: Session, one: Early, *, now: datetime, until: datetime) -> bool:
    """It is for no goal any more, and its author is told until then; False when somebody else took it."""
    ours = update(EarlyRow).where(col(EarlyRow.id) == one.id, col(EarlyRow.due) <= now)
    return bool(session.exec(ours.values(kind=Kind.UNHEARD, due=until)).rowcount)


def drop(session: Session, one: Early) -> None:
    session.exec(delete(EarlyRow).where(col(EarlyRow.id) == one.id))


def _of(place: Place, threads: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return (
        col(EarlyRow.team) == place.team,
        col(EarlyRow.channel) == place.channel,
        col(EarlyRow.thread).in_(threads),
        col(EarlyRow.kind) != Kind.UNHEARD,
    )


def _early(row: EarlyRow) -> Early:
    return Early(
        id=row.id or 0,
        kind=Kind(row.kind),
        person=Person(team=row.team, user=row.user, name=row.user_name),
        place=Place(team=row.team, channel=row.channel, thread=row.thread),
        ts=row.ts,
        text=row.text,
    )
