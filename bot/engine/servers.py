"""Which servers may be started or reached: the very ones that the operator approved, or wrote into connectors.toml."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.audit import chain
from bot.connectors.signed_in import owner
from bot.domain.clock import Clock
from bot.domain.connected import name_of
from bot.domain.connector import Connector, Era
from bot.domain.event import Connecting
from bot.domain.person import Person
from bot.domain.tooling import Filed
from bot.engine.plugging import AdminsOnly
from bot.errors import NotAllowed
from bot.policy import serving, variables
from bot.policy.filing import ConnectorsFile
from bot.store import connections, connectors
from bot.store.database import Database, Session, veiled


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks: a person with what Slack says of them, or the operator at the command line."""

    person: Person
    is_admin: bool
    is_operator: bool = False

    @property
    def known_as(self) -> str:
        return f"{self.person.user}@{self.person.team}"


class Servers:
    """`file` gives connectors.toml as it is in force now; `changed` is called when that is another than before."""

    def __init__(
        self,
        database: Database,
        file: Callable[[], ConnectorsFile],
        *,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self._database = database
        self._file, self._known, self._has_changed = file, file(), changed
        self._clock = clock

    @property
    def file(self) -> ConnectorsFile:
        found = self._file()
        if found is not self._known:
            was, self._known = self._known, found
            if found != was:
                self._has_changed()
        return found

    @property
    def filed(self) -> dict[str, Filed]:
        """By slug."""
        return {one.connector.slug: one for one in self.file.connectors}

    @property
    def trouble(self) -> str:
        """Why connectors.toml as it stands now is not in force, "" where it is."""
        return self.file.trouble

    def approved(self) -> frozenset[str]:
        with self._database.read() as session:
            return self.known(session)

    def known(self, session: Session) -> frozenset[str]:
        return frozenset((*_of(self.file), *connectors.servers(session)))

    def unapproved(self, connector: Connector) -> str:
        """Why the operator has not allowed it, "" where that is so."""
        return serving.unapproved(connector, self.approved())

    def may_open(self, connector: Connector) -> None:
        if why := self.refusal(connector, self.approved()):
            raise NotAllowed(why)

    def refusal(self, connector: Connector, approved: Collection[str]) -> str:
        """Why its server is not to be started or reached, "" where it is."""
        own = self.filed.get(connector.slug)
        is_own = own is not None and own.connector == connector
        return serving.unapproved(connector, approved) or (
            "" if is_own else variables.refusal(connector.environment)
        )

    def era(self, connector: Connector) -> Era:
        """The protocol that was last found there, in any process."""
        with self._database.read() as session:
            return connectors.era_of(session, connector.server)

    def sign_in(self, connector: Connector, person: Person) -> str:
        """The id of the one that a call for this person is made with, "" where there is none."""
        if not connector.takes_sign_in:
            return ""
        with self._database.read() as session:
            found = connections.of(session, person.team, owner(connector, person), name_of(connector.slug))
        return "" if found is None else found.id

    def approve(self, actor: Actor, server: str, *, network: bool = False) -> None:
        name = serving.name(_operators(actor, server))
        with_it = [serving.name(name, network=True)] if network else []
        with self._database.write("connector.approve") as session:
            for one in (name, *with_it):
                if connectors.approve(session, one, by=actor.person.user, now=self._clock()):
                    tell(session, actor, Connecting.APPROVED, {"server": one}, self._clock)

    def withdraw(self, actor: Actor, server: str) -> None:
        """With the network, where it was approved with that."""
        name = serving.name(_operators(actor, server))
        if name in _of(self.file):
            raise NotAllowed(
                f"{name} is approved by standing in connectors.toml. Take it out there: that is seen within seconds."
            )
        with self._database.write("connector.approve") as session:
            if not connectors.withdraw(session, name):
                raise NotAllowed(f"{name} is not on the list of approved servers.")
            connectors.withdraw(session, name + serving.WITH_THE_NETWORK)
            tell(session, actor, Connecting.WITHDRAWN, {"server": name}, self._clock)


def must_be_admin(actor: Actor, deed: str) -> None:
    """Raises `AdminsOnly`."""
    if not (actor.is_admin or actor.is_operator):
        raise AdminsOnly(f"Only an admin of this workspace can {deed}.")


def _of(file: ConnectorsFile) -> frozenset[str]:
    return frozenset(
        [*(name for one in file.connectors for name in serving.names(one.connector)), *file.approved]
    )


def tell(
    session: Session, actor: Actor | str, deed: Connecting, told: Mapping[str, Any], clock: Clock
) -> None:
    """The audit log; in the transaction of the deed. A server that was only looked at is an actor, too."""
    by = {} if isinstance(actor, str) else {"by": actor.person.name}
    known_as = actor if isinstance(actor, str) else actor.known_as
    data = veiled(session, {**told, **by})
    chain.append(session, 0, actor=known_as, action=deed.value, now=clock(), data=data)


def _operators(actor: Actor, server: str) -> str:
    if not actor.is_operator:
        raise NotAllowed(
            "Only the operator approves servers: with `cowork connectors approve`, or in connectors.toml."
        )
    return server
