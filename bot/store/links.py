"""Links by which people connect accounts: one browser opens each, one answer of the service uses it up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select, update

from bot.domain.person import Person
from bot.sdk.connect import Per
from bot.store.connection_table import ConnectLinkRow
from bot.store.sealing import Seal

MOST_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Link:
    """What one is for. `is_known`: whoever has the browser showed that they are this person in Slack.

    `digest` stands for it in the database; `browser` is set once one has opened it, `tries` counts wrong codes.
    """

    digest: str
    person: Person
    workspace: str
    plugin: str
    way: str
    per: Per
    writes: bool
    expires_at: datetime
    browser: str = ""
    tries: int = 0
    has_code: bool = False
    is_known: bool = False

    @property
    def owner(self) -> str:
        return self.person.user if self.per is Per.PERSON else ""


def digest(secret: str) -> str:
    """What is kept of a random text: who reads the database cannot make it of that."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make(session: Session, link: Link) -> None:
    session.add(
        ConnectLinkRow(
            digest=link.digest,
            team=link.person.team,
            user=link.person.user,
            user_name=link.person.name,
            workspace=link.workspace,
            plugin=link.plugin,
            way=link.way,
            per=link.per,
            writes=link.writes,
            expires_at=link.expires_at,
        )
    )


def of(session: Session, nonce: str, *, now: datetime) -> Link | None:
    """None: there never was one, it was used, or its time is over."""
    row = session.get(ConnectLinkRow, digest(nonce))
    return None if row is None or row.expires_at <= now else _link(row)


def open_in(session: Session, link: Link, browser: str) -> bool:
    """This browser, which `browser` is the cookie of, goes on with it. False: another does."""
    opened = session.exec(
        update(ConnectLinkRow)
        .where(_is(link), col(ConnectLinkRow.browser).in_(("", digest(browser))))
        .values(browser=digest(browser))
    )
    return bool(opened.rowcount)


def set_code(session: Session, link: Link, code: str) -> bool:
    """Once: a new code would be new tries. False: there is one."""
    was_set = session.exec(
        update(ConnectLinkRow).where(_is(link), col(ConnectLinkRow.code) == "").values(code=code)
    )
    return bool(was_set.rowcount)


def try_code(session: Session, link: Link, code: str) -> bool:
    """Each try counts before it is compared."""
    row = session.exec(
        update(ConnectLinkRow)
        .where(_is(link), col(ConnectLinkRow.tries) < MOST_TRIES, col(ConnectLinkRow.code) != "")
        .values(tries=ConnectLinkRow.tries + 1)
        .returning(col(ConnectLinkRow.code))
    ).first()
    if row is None or row[0] != code:
        return False
    know(session, link)
    return True


def know(session: Session, link: Link) -> None:
    """Whoever has the browser is the person it was made for."""
    session.exec(update(ConnectLinkRow).where(_is(link)).values(is_known=True))


def send(session: Session, link: Link, state: str, sealed: str) -> bool:
    """They are sent to the service with `state`. `sealed` is what we need again when they come back."""
    sent = session.exec(update(ConnectLinkRow).where(_is(link)).values(state=digest(state), sealed=sealed))
    return bool(sent.rowcount)


def came_back(
    session: Session, seal: Seal, state: str, *, now: datetime
) -> tuple[Link, Mapping[str, str]] | None:
    """They came back, which they do once. None: nobody was sent with this, they came before, or it is too late."""
    row = session.exec(
        select(ConnectLinkRow).where(
            ConnectLinkRow.state == digest(state), col(ConnectLinkRow.expires_at) > now
        )
    ).first()
    if row is None:
        return None
    link, sealed = _link(row), row.sealed
    came = session.exec(
        update(ConnectLinkRow)
        .where(_is(link), col(ConnectLinkRow.state) == digest(state))
        .values(state="", sealed="")
    )
    return (link, json.loads(seal.opened(sealed))) if came.rowcount else None


def close(session: Session, link: Link) -> bool:
    """It is used up, whatever comes of it."""
    gone = session.exec(delete(ConnectLinkRow).where(_is(link)))
    return bool(gone.rowcount)


def forget(session: Session, *, team: str, owner: str, plugin: str) -> None:
    """Of an account that is disconnected no link goes on."""
    per = Per.PERSON if owner else Per.TEAM
    whose = [
        col(ConnectLinkRow.team) == team,
        col(ConnectLinkRow.plugin) == plugin,
        col(ConnectLinkRow.per) == per,
    ]
    if owner:
        whose.append(col(ConnectLinkRow.user) == owner)
    session.exec(delete(ConnectLinkRow).where(*whose))


def sweep(session: Session, *, now: datetime) -> None:
    """Those whose time is over."""
    session.exec(delete(ConnectLinkRow).where(col(ConnectLinkRow.expires_at) <= now))


def _is(link: Link) -> ColumnElement[bool]:
    return col(ConnectLinkRow.digest) == link.digest


def _link(row: ConnectLinkRow) -> Link:
    return Link(
        digest=row.digest,
        person=Person(team=row.team, user=row.user, name=row.user_name),
        workspace=row.workspace,
        plugin=row.plugin,
        way=row.way,
        per=Per(row.per),
        writes=row.writes,
        expires_at=row.expires_at,
        browser=row.browser,
        tries=row.tries,
        has_code=bool(row.code),
        is_known=row.is_known,
    )
