"""Accounts at services, each a person's or the team's: used for a call, looked at, and found dead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot import crossing
from bot.domain.clock import Clock
from bot.domain.connected import TEAM, Connected
from bot.errors import (
    CoworkError,
    NotAllowed,
    SignInNeeded,
    Unavailable,
)
from bot.sdk.connect import Checked, Connection, Form, OAuth, Per
from bot.sdk.plugin import Plugin
from bot.services import addresses
from bot.services.addresses import Given
from bot.services.authorization import REFRESH, Got
from bot.services.happened import Told, nobody
from bot.services.hiding import LearningVeil
from bot.services.opening import Opening, needed
from bot.services.renewing import MARGIN, Renewing
from bot.store import connections
from bot.store.connections import Secrets
from bot.store.database import Database
from bot.store.sealing import Seal

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Health:
    """Connections as they may be shown: `own` the person's, `team` everybody's, `people` of others, for admins."""

    own: tuple[Connected, ...] = ()
    team: tuple[Connected, ...] = ()
    people: tuple[Connected, ...] = ()


class Connections:
    """`plugins` are all that there are, by name. `told` hears in the transaction what became of a connection."""

    def __init__(
        self,
        database: Database,
        plugins: Mapping[str, Plugin],
        *,
        seal: Seal,
        clock: Clock,
        given: Given,
        veil: LearningVeil | None = None,
        told: Told = nobody,
    ) -> None:
        self.plugins = plugins
        self._database = database
        self._seal = seal
        self._clock = clock
        self._given = given
        self._told = told
        self._opening = Opening(database, seal=seal, given=given, veil=veil or LearningVeil())
        self._renewing = Renewing(database, self._opening, seal=seal, given=given, clock=clock, told=told)

    def plugin(self, name: str) -> Plugin:
        """Raises `NotAllowed` for one that there is not."""
        if name not in self.plugins:
            raise NotAllowed(f"There is no plugin {name} here.")
        return self.plugins[name]

    def current(
        self, team: str, user: str, plugin: str, *, writes: bool, needs: Collection[str] = ()
    ) -> Connection:
        """For one call: reads are the team's before the person's, writes the person's before the team's.

        Its token is good now. `needs` are the service's own scopes that the call takes. Raises `SignInNeeded` where
        there is no connection, it is dead, or may do too little; `Unavailable`; and `NotConfigured`.
        """
        known = self.plugin(plugin)
        one = self._chosen(team, user, known, writes=writes)
        if _lacks(one, needs):
            raise SignInNeeded(
                f"{known.title} needs more access: {one.account} may only read so far.",
                plugin=plugin,
                owner=one.owner,
                writes=True,
                seen=one.state,
            )
        return self._renewing.good(known, one)

    def using(self, team: str, user: str, plugin: str, act: Callable[[Connection], T], *, writes: bool) -> T:
        """What `act` gives with the connection: outside of a task, such as what a scope can name. Raises as both do."""
        for is_last in (False, True):
            connection = self.current(team, user, plugin, writes=writes)
            try:
                return act(connection)
            except SignInNeeded as dead:
                trouble = self.refused(team, user, connection, str(dead))
                if is_last or isinstance(trouble, SignInNeeded):
                    raise trouble from None
        raise AssertionError  # the last try returned or raised

    def refused(self, team: str, user: str, connection: Connection, why: str) -> CoworkError:
        """The service did not take the token: to be raised. `Unavailable` where another one is worth a try."""
        plugin = self.plugin(connection.plugin)
        owner = TEAM if connection.per is Per.TEAM else user
        with self._database.read() as session:
            found = connections.whole(session, self._seal, team, owner, plugin.name)
        one, secrets = found or (None, None)
        if one is None or secrets is None:
            return needed(plugin, owner, one, why)
        used = self._opening.connection(plugin, one, secrets).secrets
        if used != connection.secrets or self._ended_early(plugin, one, secrets):
            return Unavailable("its sign-in is renewed", 1, service=plugin.title, nothing_done=True)
        return self._renewing.dead(plugin, one, why)

    def of(self, team: str, owner: str, plugin: str) -> Connected | None:
        """As it may be shown."""
        with self._database.read() as session:
            return connections.of(session, team, owner, plugin)

    def connected(self, team: str, user: str) -> frozenset[str]:
        """The plugins that a person's tasks have an account for, theirs or the team's."""
        with self._database.read() as session:
            return frozenset(one.plugin for one in connections.for_person(session, team, user))

    def minted(self, plugin: Plugin, one: Connected, secrets: Secrets) -> Got:
        """What the service gives for what was typed: itself, where that is the token."""
        return self._renewing.minted(plugin, one, secrets)

    def opened(self, plugin: Plugin, one: Connected, secrets: Secrets) -> Connection:
        """As the plugin is given it; hidden from now on."""
        return self._opening.connection(plugin, one, secrets)

    def hide_all(self) -> None:
        """At the start: whatever is kept, and the secrets of the operator's apps."""
        with self._database.read() as session:
            found = connections.everything(session, self._seal)
        for one, secrets in found:
            self._opening.hide(self.plugins.get(one.plugin), one, secrets)
        for plugin in self.plugins.values():
            self._opening.hide_client(plugin)

    def ways(self, plugin: str, per: Per) -> tuple[Form | OAuth, ...]:
        """Those that can be gone now: by the service's own page only where an app is registered."""
        known = self.plugin(plugin)
        has_app = addresses.client(known, self._given) is not None
        return tuple(way for way in known.ways if per in way.per and (has_app or isinstance(way, Form)))

    def check(self, team: str, owner: str, plugin: str) -> Connected:
        """By a real call, whether it works still, and what it can. Raises `SignInNeeded` and `Unavailable`."""
        known = self.plugin(plugin)
        with self._database.read() as session:
            one = connections.of(session, team, owner, plugin)
        if one is None:
            raise needed(known, owner, None)
        connection = self._renewing.good(known, one)
        try:
            seen = self.tried(known, connection)
        except SignInNeeded as dead:
            raise self.refused(team, owner, connection, str(dead)) from None
        with self._database.write("connection.check") as session:
            found = connections.of(session, team, owner, plugin) or one
            facts = {**found.facts, **seen.facts}
            connections.checked(
                session, found, account=seen.account, can=seen.can, facts=facts, now=self._clock()
            )
            return connections.of(session, team, owner, plugin) or one

    def health(self, team: str, user: str, *, is_admin: bool = False) -> Health:
        """What there is, and how it does; never a secret."""
        with self._database.read() as session:
            found = connections.for_person(session, team, user)
            people = connections.of_people(session, team) if is_admin else []
        return Health(
            own=tuple(one for one in found if not one.is_team),
            team=tuple(one for one in found if one.is_team),
            people=tuple(one for one in people if one.owner != user),
        )

    def _chosen(self, team: str, user: str, plugin: Plugin, *, writes: bool) -> Connected:
        """One that is dead is passed by for reads, when the other works."""
        owners = (user, TEAM) if writes else (TEAM, user)
        with self._database.read() as session:
            found = [connections.of(session, team, owner, plugin.name) for owner in owners]
        there = [one for one in found if one is not None]
        if not there:
            raise needed(plugin, self._asked(plugin, user), None, writes=writes)
        if writes:
            return there[0]
        return next((one for one in there if one.is_ok), there[0])

    def _asked(self, plugin: Plugin, user: str) -> str:
        """Who is to connect it: the person, where people can at all."""
        return user if self.ways(plugin.name, Per.PERSON) or not self.ways(plugin.name, Per.TEAM) else TEAM

    def _ended_early(self, plugin: Plugin, one: Connected, secrets: Secrets) -> bool:
        """It can be renewed, and was not just now: the next use does."""
        way, now = plugin.way(one.way), self._clock()
        is_renewed = (
            REFRESH in secrets if isinstance(way, OAuth) else way is not None and way.mint is not None
        )
        if not is_renewed or one.renewed_at > now - MARGIN:
            return False
        with self._database.write("connection.end_early") as session:
            connections.end_early(session, one, now=now)
        return True

    def tried(self, plugin: Plugin, connection: Connection) -> Checked:
        """By a real call: whose account it is, and what it can. Raises what the plugin raises."""
        with crossing.outside(f"check.{plugin.name}"):
            return plugin.check(plugin.client(connection))


def _lacks(one: Connected, needs: Collection[str]) -> bool:
    """Only where the service said what it granted."""
    return bool(one.scopes) and not set(needs) <= set(one.scopes)
