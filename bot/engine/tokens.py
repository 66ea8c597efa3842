"""API tokens: made and shown once, known again by their secret, revoked at once; the audit log is told of each."""

from __future__ import annotations

import hashlib
import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.audit import chain
from bot.domain.clock import Clock
from bot.domain.event import Hooking, Tokening
from bot.domain.person import Person
from bot.domain.token import Token, TokenScope
from bot.engine.webhooks import told
from bot.errors import CoworkError, NotAllowed
from bot.store import tokens, webhooks
from bot.store.database import Database, Session, veiled
from bot.store.encoding import legible

MARK = "ck_"
DAYS = 90
_MOST_DAYS = 366
_MOST_NAME = 60
_LETTERS = string.ascii_letters + string.digits
_LENGTH = 43  # of 62 letters: 256 bits
_COARSE = timedelta(hours=1)


class Unknown(CoworkError):
    """The caller can act: this token is none of ours, or its time is over."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """`secret` is shown to its owner now, and never again: of it only a digest is kept."""

    token: Token
    secret: str = field(repr=False)


class Tokens:
    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def make(
        self, person: Person, name: str, scopes: Collection[TokenScope], *, by: str, days: float = DAYS
    ) -> Made:
        """`by` is who made it, for the audit log. Raises `NotAllowed` for a name that is taken, or a time too long."""
        name, now = _named(name), self._clock()
        if not scopes:
            raise NotAllowed(f"Say what it may do: {', '.join(TokenScope)}.")
        if not 0 < days <= _MOST_DAYS:
            raise NotAllowed(f"A token lasts at most {_MOST_DAYS} days. Make a new one before it ends.")
        secret = MARK + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        token = Token(
            id=secrets.token_hex(4),
            person=person,
            name=name,
            scopes=frozenset(scopes),
            made_at=now,
            made_by=by,
            expires_at=now + timedelta(days=days),
        )
        with self._database.write("token.make") as session:
            tokens.hold_names(session, person)
            if tokens.has_good(session, person, name, now=now):
                raise NotAllowed(f"There is a token “{name}” already. Revoke that, or take another name.")
            tokens.add(session, token, _digest(secret))
            _tell(session, token, Tokening.MADE, by, now)
        return Made(token=token, secret=secret)

    def listed(self, person: Person | None = None) -> list[Token]:
        """Newest first; everybody's without a person."""
        with self._database.read() as session:
            return tokens.all_of(session, person)

    def of_team(self, team: str) -> list[Token]:
        """Everybody's there, newest first."""
        with self._database.read() as session:
            return tokens.of_team(session, team)

    def revoke(self, token_id: str, *, by: str, owner: Person | None = None, team: str = "") -> Token:
        """It is refused from now on, and its webhooks hear nothing more.

        Raises `NotAllowed` for one that there is not, or that is not `owner`'s or of another `team`.
        """
        with self._database.write("token.revoke") as session:
            token = tokens.get(session, token_id)
            if token is None or not _is_in(token, owner, team):
                raise NotAllowed(f"There is no token {token_id}. Nothing was changed.")
            now = self._clock()
            if tokens.revoke(session, token_id, now=now):
                _tell(session, token, Tokening.REVOKED, by, now)
                for one in webhooks.end_of_token(session, token.person, token.name, now=now):
                    told(session, one, Hooking.ENDED, now=now, data={"why": "its token was revoked"})
        return token

    def known(self, secret: str) -> Token:
        """The token of this secret, as of now. Raises `Unknown`."""
        with self._database.read() as session:
            token = tokens.by_digest(session, _digest(secret))
        return self._good(token)

    def again(self, token: Token) -> Token:
        """As it is now: for who listens for long. Raises `Unknown` once it is over."""
        with self._database.read() as session:
            return self._good(tokens.get(session, token.id))

    def _good(self, token: Token | None) -> Token:
        if token is None:
            raise Unknown("This token is not known here. Make one with /cowork tokens in Slack.")
        now = self._clock()
        if token.revoked_at is not None:
            raise Unknown(
                f"The token “{token.name}” was revoked. Make a new one with /cowork tokens in Slack."
            )
        if not token.is_good(now):
            raise Unknown(
                f"The token “{token.name}” has run out. Make a new one with /cowork tokens in Slack."
            )
        since = now - _COARSE
        if token.used_at is None or token.used_at < since:
            with self._database.write("token.use") as session:
                tokens.use(session, token.id, now=now, unless_since=since)
        return token


def _is_in(token: Token, owner: Person | None, team: str) -> bool:
    """Whether it is theirs, or of there; without either it is."""
    is_theirs = owner is None or token.person.is_same(owner)
    return is_theirs and token.person.team == (team or token.person.team)


def _named(name: str) -> str:
    name = " ".join(legible(name).split())
    if not name or len(name) > _MOST_NAME or not name.isprintable():
        raise NotAllowed(f"Give the token a name of at most {_MOST_NAME} characters: it says who acted.")
    return name


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _tell(session: Session, token: Token, deed: Tokening, by: str, now: datetime) -> None:
    person = token.person
    told = {
        "token": token.id,
        "name": token.name,
        "person": f"{person.user}@{person.team}",
        "scopes": sorted(token.scopes),
        "expires_at": token.expires_at.isoformat(),
    }
    chain.append(session, 0, actor=by, action=deed.value, now=now, data=veiled(session, told))
