"""Sign-ins at the servers of connectors: kept sealed as connections are, and renewed by one process at a time."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.clock import Clock
from bot.domain.connected import TEAM, Connected, name_of
from bot.domain.connector import Connector
from bot.domain.person import Person
from bot.errors import NotConfigured, SignInNeeded
from bot.services.happened import Change, Happened, Told, nobody
from bot.services.hiding import LearningVeil
from bot.store import connections
from bot.store.database import Database
from bot.store.sealing import Seal

WAY = "mcp"
ADDRESS = "address"
"""The fact by which a sign-in is bound to where it was made: another server never gets it."""
MORE = "more"
"""The fact that names the scopes which a call was refused for."""

_MARGIN = timedelta(seconds=60)
_ALONE = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What an authorization server gave, and what it takes to renew that. `client` and `server` are JSON of the SDK."""

    token: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    scope: str = ""
    ends_at: datetime | None = None
    client: str = field(default="{}", repr=False)
    server: str = "{}"


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """`grant` is None where it is dead: it needs a new sign-in."""

    one: Connected
    grant: Grant | None


class SignIns:
    """All of it asks the database. `told` hears in the transaction what became of a sign-in, `rang` behind it."""

    def __init__(
        self,
        database: Database,
        *,
        seal: Seal,
        clock: Clock,
        veil: LearningVeil,
        told: Told = nobody,
        rang: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock
        self._veil = veil
        self._told = told
        self._rang = rang

    def of(self, connector: Connector, person: Person) -> SignedIn | None:
        """As it stands now; None where there is none, or it is of another address than the connector's."""
        with self._database.read() as session:
            found = connections.whole(
                session, self._seal, person.team, owner(connector, person), name_of(connector.slug)
            )
        if found is None or found[0].facts.get(ADDRESS) != connector.url:
            return None
        one, secrets = found
        return SignedIn(one=one, grant=None if secrets is None else self._hidden(connector, one, secrets))

    def everybodys(self, connector: Connector, team: str) -> list[SignedIn]:
        """Of a team those that still hold something which its server knows."""
        name = name_of(connector.slug)
        found = []
        with self._database.read() as session:
            for one in connections.of_plugin(session, team, name):
                with contextlib.suppress(NotConfigured):  # no key of ours opens it: nobody can use it either
                    found.append(connections.whole(session, self._seal, team, one.owner, name))
        return [
            SignedIn(one=one, grant=self._hidden(connector, one, secrets))
            for one, secrets in filter(None, found)
            if secrets is not None and one.facts.get(ADDRESS) == connector.url
        ]

    def ended(self, came: Iterable[tuple[SignedIn, str]], by: Person) -> None:
        """Those that were forgotten here: each with why it was not taken back at its server, "" where it was."""
        with self._database.write("connection.revoked") as session:
            for held, why in came:
                change = Change.NOT_REVOKED if why else Change.REVOKED
                self._told(session, Happened(change=change, connected=held.one, by=by, why=why))

    def is_due(self, held: SignedIn) -> bool:
        """It can be renewed, and ends in a moment: a minute, or less where it lasts no longer."""
        one, grant = held.one, held.grant
        if grant is None or not grant.refresh or one.ends_at is None:
            return False
        return one.ends_at - min(_MARGIN, (one.ends_at - one.renewed_at) / 4) <= self._clock()

    def keep(self, connector: Connector, person: Person, grant: Grant) -> Connected:
        """A sign-in that was just made, in place of the one before. Raises `NotConfigured` without a key."""
        now = self._clock()
        made = Connected(
            id=uuid.uuid4().hex,
            team=person.team,
            owner=owner(connector, person),
            plugin=name_of(connector.slug),
            way=WAY,
            account=person.name or person.user,
            made_by=person.user,
            made_at=now,
            checked_at=now,
            renewed_at=now,
            scopes=tuple(grant.scope.split()),
            facts={ADDRESS: connector.url},
            ends_at=grant.ends_at,
        )
        with self._database.write("connection.keep") as session:
            connections.keep(session, self._seal, made, _secrets(grant))
            self._told(session, Happened(change=Change.CONNECTED, connected=made, by=person))
        self._hidden(connector, made, _secrets(grant))
        self._rang()
        return made

    def forget(self, connector: Connector, person: Person) -> bool:
        """False: there was none."""
        with self._database.write("connection.forget") as session:
            one = connections.of(session, person.team, owner(connector, person), name_of(connector.slug))
            if one is None:
                return False
            self._told(session, Happened(change=Change.DISCONNECTED, connected=one, by=person))
            return connections.forget(session, one)

    def claimed(self, held: SignedIn) -> str:
        """By which name we renew it alone for a minute, "" when another does."""
        by, now = uuid.uuid4().hex, self._clock()
        with self._database.write("connection.claim") as session:
            is_ours = connections.claim(session, held.one, by=by, now=now, until=now + _ALONE)
        return by if is_ours else ""

    def renewed(self, connector: Connector, held: SignedIn, grant: Grant, *, by: str) -> None:
        """What was got is kept, before it is used."""
        self._hidden(connector, held.one, _secrets(grant))
        with self._database.write("connection.renew") as session:
            connections.renewed(
                session,
                self._seal,
                held.one,
                _secrets(grant),
                by=by,
                ends_at=grant.ends_at,
                now=self._clock(),
            )

    def let_go(self, held: SignedIn, *, by: str) -> None:
        with self._database.write("connection.let_go") as session:
            connections.let_go(session, held.one, by=by)

    def died(self, held: SignedIn, why: str, *, by: str = "") -> None:
        """Written down, and told once."""
        with self._database.write("connection.died") as session:
            if connections.died(session, held.one, why, now=self._clock(), by=by):
                self._told(session, Happened(change=Change.DIED, connected=held.one))

    def wants_more(self, held: SignedIn, scope: str) -> None:
        """The server refused a call for want of these scopes: the next sign-in asks for them, too."""
        one = held.one
        with self._database.write("connection.check") as session:
            connections.checked(
                session,
                one,
                account=one.account,
                can=one.can,
                facts={**one.facts, MORE: scope},
                now=self._clock(),
            )

    def needed(self, connector: Connector, person: Person, held: SignedIn | None, why: str) -> SignInNeeded:
        """To be raised: somebody signs in, and what waited goes on."""
        more = held is not None and held.one.is_ok and held.grant is not None
        return SignInNeeded(
            why,
            plugin=name_of(connector.slug),
            owner=owner(connector, person),
            writes=more,
            seen="" if held is None else held.one.state,
        )

    def hide(self, connector: Connector, token: str) -> None:
        """One that is not kept."""
        self._veil.learn(f"connectors: {connector.slug}", {f"{connector.title} token": token})

    def _hidden(self, connector: Connector, one: Connected, secrets: Mapping[str, str]) -> Grant:
        """Opened, and from now on hidden wherever it would be read."""
        grant = _grant(one, secrets)
        client = json.loads(grant.client)
        self._veil.learn(
            one.id,
            {
                f"{connector.title} token": grant.token,
                f"{connector.title} refresh token": grant.refresh,
                f"{connector.title} client secret": client.get("client_secret") or "",
            },
        )
        return grant


def owner(connector: Connector, person: Person) -> str:
    """Whose sign-in a call goes by: the person's where everyone has their own, or else the team's."""
    return person.user if connector.is_personal else TEAM


def _secrets(grant: Grant) -> dict[str, str]:
    about = {"scope": grant.scope, "client": grant.client, "server": grant.server}
    return {"token": grant.token, "refresh_token": grant.refresh, "about": json.dumps(about)}


def _grant(one: Connected, secrets: Mapping[str, str]) -> Grant:
    grant = Grant(token=secrets["token"], refresh=secrets["refresh_token"], ends_at=one.ends_at)
    return replace(grant, **json.loads(secrets["about"]))
