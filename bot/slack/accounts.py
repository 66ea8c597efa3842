"""The accounts at services in Slack: which there are, how one is connected, and what can be found there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from slack_sdk.models.views import View

from bot.connectors.signed_in import ADDRESS, WAY
from bot.domain.connected import Connected, name_of, slug_of
from bot.domain.connector import Connector
from bot.domain.person import Person
from bot.errors import NotAllowed, NotConfigured
from bot.sdk.connect import Form, Item, OAuth, Per
from bot.sdk.plugin import Plugin
from bot.services.connections import Health
from bot.services.reception import Reception
from bot.slack.identity import Identity
from bot.slack.views import connect
from bot.slack.views.accounts import Account
from bot.slack.views.connect import Road
from bot.slack.views.connectors import SignIn


class Accounts:
    """All of it asks the database or a service: for an errand."""

    def __init__(self, reception: Reception, identity: Identity) -> None:
        self._connections = reception.connections
        self._connecting = reception.connecting
        self._linking = reception.linking
        self._identity = identity

    def of(self, person: Person, *, is_admin: bool) -> tuple[tuple[Account, ...], Mapping[str, int]]:
        """Theirs and everybody's; and for an admin how many others have their own, by plugin. Without those at the
        servers of connectors, which stand beside these."""
        health = self._connections.health(person.team, person.user, is_admin=is_admin)
        found = [one for one in (*health.team, *health.own) if not slug_of(one.plugin)]
        others = {name: count for name, count in _counted(health).items() if not slug_of(name)}
        return tuple(map(_account, found)), others

    def sign_ins(
        self, person: Person, connectors: Iterable[Connector], *, is_admin: bool
    ) -> Mapping[str, SignIn]:
        """By slug, of those that people can sign in to: theirs, or everybody's where it takes that."""
        health = self._connections.health(person.team, person.user, is_admin=is_admin)
        held = {(one.plugin, one.is_team): one for one in (*health.team, *health.own)}
        others = _counted(health)
        return {
            one.slug: _sign_in(one, held.get((name_of(one.slug), not one.is_personal)), others)
            for one in connectors
            if one.takes_sign_in
        }

    def roads(self, person: Person, name: str, *, writes: bool, is_admin: bool, admins: str) -> View:
        """What to choose between; where there is one way only, that."""
        plugin = self._connections.plugin(name)
        found = [
            Road(plugin=plugin, way=way, per=per)
            for per in (Per.PERSON, Per.TEAM)
            for way in self._connections.ways(name, per)
            if per is Per.PERSON or is_admin
        ]
        if len(found) == 1:
            return self.road(person, found[0].address, writes=writes, is_admin=is_admin)
        return connect.roads(plugin, found, notes=list(_notes(plugin, found, is_admin, admins)))

    def road(self, person: Person, address: str, *, writes: bool, is_admin: bool) -> View:
        """The form, or the link to the service's page; `writes` asks there for the right to write, too."""
        road = self.addressed(address)
        given = person, road.plugin.name, road.way.way, road.per
        try:
            self._connecting.must(*given[1:], is_admin=is_admin)
            if isinstance(road.way, Form):
                return connect.form(road)
            writes = writes and bool(road.way.write)
            link = self._linking.link_for(
                *given, writes=writes, is_admin=is_admin, workspace=self._identity.workspace
            )
        except NotConfigured as missing:
            raise NotAllowed(str(missing)) from None
        return connect.page(road, link, writes=writes)

    def server(self, person: Person, name: str, *, is_admin: bool) -> View:
        """The way to the page on which people sign in to a connector's server."""
        servers = self._linking.servers
        per = servers.per(person.team, name)
        try:
            link = self._linking.link_for(
                person, name, WAY, per, is_admin=is_admin, workspace=self._identity.workspace
            )
        except NotConfigured as missing:
            raise NotAllowed(str(missing)) from None
        return connect.server(servers.title(person.team, name), link, per)

    def filled(self, person: Person, carried: str, values: Mapping[str, str], *, is_admin: bool) -> View:
        """Tried and kept; else the form again, with the reason."""
        address, tries = connect.formed(carried)
        road = self.addressed(address)
        try:
            made = self._connecting.store_form(
                person, road.plugin.name, road.way.way, road.per, values, is_admin=is_admin
            )
        except (NotAllowed, NotConfigured) as refusal:
            return connect.form(road, values, refused=str(refusal), tries=tries + 1)
        return connect.connected(road.plugin, made)

    def disconnect(self, person: Person, name: str, per: Per, *, is_admin: bool) -> str:
        """What they are told. Raises `NotAllowed`."""
        if slug_of(name):
            return self._linking.servers.sign_out(person, name, is_admin=is_admin)
        return self._connecting.disconnect(person, name, per, is_admin=is_admin)

    def disconnect_all(self, person: Person, name: str) -> None:
        self._connecting.disconnect_all(person, name)

    def found(self, person: Person, plugin: Plugin, search: str) -> Sequence[Item]:
        """What a scope can name, as the service has it. Raises what its plugin raises."""
        return self._connections.using(
            person.team,
            person.user,
            plugin.name,
            lambda connection: plugin.discover(plugin.client(connection), search),
            writes=False,
        )

    def addressed(self, address: str) -> Road:
        """Raises `NotAllowed` for a way that there is not."""
        name, per, way = (*address.split("-", 2), "", "")[:3]
        plugin = self._connections.plugin(name)
        found = plugin.way(way)
        if found is None or per not in list(Per) or Per(per) not in found.per:
            raise NotAllowed(f"{plugin.title} cannot be connected this way.")
        return Road(plugin=plugin, way=found, per=Per(per))


def _account(one: Connected) -> Account:
    per = Per.TEAM if one.is_team else Per.PERSON
    return Account(plugin=one.plugin, per=per, name=one.account, is_well=one.is_ok)


def _sign_in(connector: Connector, held: Connected | None, others: Mapping[str, int]) -> SignIn:
    """One that was made at another address is none of this connector's."""
    is_there = held is not None and held.facts.get(ADDRESS) == connector.url
    return SignIn(
        is_there=is_there,
        is_well=is_there and held is not None and held.is_ok,
        others=others.get(name_of(connector.slug), 0) if connector.is_personal else 0,
    )


def _counted(health: Health) -> Mapping[str, int]:
    names = [one.plugin for one in health.people]
    return {name: names.count(name) for name in dict.fromkeys(names)}


def _notes(plugin: Plugin, found: Sequence[Road], is_admin: bool, admins: str) -> Sequence[str]:
    notes = []
    if any(Per.TEAM in way.per for way in plugin.ways) and not is_admin:
        notes.append(f"{admins} can connect it for everybody.")
    if any(isinstance(way, OAuth) for way in plugin.ways) and not any(
        isinstance(road.way, OAuth) for road in found
    ):
        name = f"COWORK_{plugin.name.upper()}_CLIENT_ID"
        notes.append(f"To sign in on its own page, the operator registers an app there and sets `{name}`.")
    return notes
