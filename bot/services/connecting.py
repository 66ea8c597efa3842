"""Accounts are connected by what somebody types into a form, and taken away again."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.clock import Clock
from bot.domain.connected import TEAM, Connected
from bot.domain.person import Person
from bot.errors import (
    BadArgument,
    CoworkError,
    NotAllowed,
    NotConfigured,
    SignInNeeded,
    ToolError,
    Unavailable,
)
from bot.sdk.connect import Form, OAuth, Per, Way
from bot.sdk.plugin import Plugin
from bot.services import authorization
from bot.services.addresses import Given
from bot.services.authorization import Got
from bot.services.connections import Connections
from bot.services.happened import Change, Happened, Told, nobody
from bot.store import connections as store
from bot.store import links
from bot.store.connections import Secrets
from bot.store.database import Database
from bot.store.sealing import NO_KEY, Seal

ADMINS_ONLY = "Only a workspace admin can connect {title} for everybody. You can connect it for yourself."


class Connecting:
    """`told` hears in the transaction what became of a connection, `rang` behind it that there may be work."""

    def __init__(
        self,
        database: Database,
        connections: Connections,
        *,
        seal: Seal,
        clock: Clock,
        given: Given,
        told: Told = nobody,
        rang: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._connections = connections
        self._seal = seal
        self._clock = clock
        self._given = given
        self._told = told
        self._rang = rang

    def must(self, plugin: str, way: str, per: Per, *, is_admin: bool) -> tuple[Plugin, Way]:
        """The way, which this person can go now. Raises `NotAllowed`, and `NotConfigured` where nothing is kept."""
        known = self._connections.plugin(plugin)
        _check_admin(known, per, is_admin=is_admin)
        if not self._seal.keys:
            raise NotConfigured(NO_KEY)
        found = next((one for one in self._connections.ways(plugin, per) if one.way == way), None)
        if found is None:
            raise NotAllowed(f"{known.title} cannot be connected this way here.")
        return known, found

    def store_form(
        self,
        person: Person,
        plugin: str,
        way: str,
        per: Per,
        values: Mapping[str, str],
        *,
        is_admin: bool = False,
    ) -> Connected:
        """What somebody typed, tried by a real call and then kept. Raises `NotAllowed`: nothing is kept then.

        `BadArgument` names the blank that is wrong.
        """
        known, form = self.must(plugin, way, per, is_admin=is_admin)
        if not isinstance(form, Form):
            raise NotAllowed(f"{known.title} is signed in to on its own page this way.")
        filled = _filled(form, values)
        try:
            got = self._connections.minted(known, self.new(person, known, way, per), filled)
            return self.keep(person, known, way, per, got)
        except (ToolError, SignInNeeded) as refused:
            raise NotAllowed(f"{known.title} did not take this. {refused} Nothing was kept.") from None
        except Unavailable as out:
            raise NotAllowed(
                f"{known.title} cannot be reached just now ({out}). Nothing was kept; try again."
            ) from None

    def keep(self, person: Person, plugin: Plugin, way: str, per: Per, got: Got) -> Connected:
        """A new connection, tried by a real call and kept in place of the one before. Raises what the plugin raises."""
        one = self.new(person, plugin, way, per)
        checked = self._connections.tried(plugin, self._connections.opened(plugin, one, got.secrets))
        made = replace(
            one,
            account=checked.account,
            can=checked.can,
            facts=dict(checked.facts),
            scopes=got.scopes or (),
            ends_at=got.ends_at,
        )
        with self._database.write("connection.keep") as session:
            store.keep(session, self._seal, made, got.secrets)
            self._told(session, Happened(change=Change.CONNECTED, connected=made, by=person))
        self._rang()
        return made

    def disconnect(self, person: Person, plugin: str, per: Per, *, is_admin: bool = False) -> str:
        """Taken back at the service, and forgotten. What the person is told. Raises `NotAllowed`."""
        known = self._connections.plugin(plugin)
        _check_admin(known, per, is_admin=is_admin)
        owner = TEAM if per is Per.TEAM else person.user
        with self._database.read() as session:
            one = store.of(session, person.team, owner, plugin)
        if one is None:
            return f"{known.title} is not connected."
        return self._disconnected(known, one, person)

    def disconnect_all(self, person: Person, plugin: str) -> None:
        """Everybody's: an admin uninstalls the plugin."""
        known = self._connections.plugin(plugin)
        with self._database.read() as session:
            found = store.of_plugin(session, person.team, plugin)
        for one in found:
            self._disconnected(known, one, person)

    def new(self, person: Person, plugin: Plugin, way: str, per: Per) -> Connected:
        now = self._clock()
        return Connected(
            id=uuid.uuid4().hex,
            team=person.team,
            owner=TEAM if per is Per.TEAM else person.user,
            plugin=plugin.name,
            way=way,
            account="",
            made_by=person.user,
            made_at=now,
            checked_at=now,
            renewed_at=now,
        )

    def _disconnected(self, plugin: Plugin, one: Connected, by: Person) -> str:
        is_revoked = self._is_revoked(plugin, one)
        with self._database.write("connection.forget") as session:
            store.forget(session, one)
            links.forget(session, team=one.team, owner=one.owner, plugin=one.plugin)
            self._told(session, Happened(change=Change.DISCONNECTED, connected=one, by=by))
        said = f"{plugin.title} is disconnected, and I have forgotten its sign-in."
        return (
            said
            if is_revoked
            else f"{said} To end it there, too, take it back in the settings of {plugin.title}."
        )

    def _is_revoked(self, plugin: Plugin, one: Connected) -> bool:
        """Whatever goes wrong there: here it is forgotten."""
        way = plugin.way(one.way)
        if not isinstance(way, OAuth):
            return False
        try:
            with self._database.read() as session:
                secrets = store.opened(session, self._seal, one)
            return secrets is not None and authorization.revoke(plugin, way, self._given, secrets)
        except CoworkError:
            return False


def _check_admin(plugin: Plugin, per: Per, *, is_admin: bool) -> None:
    if per is Per.TEAM and not is_admin:
        raise NotAllowed(ADMINS_ONLY.format(title=plugin.title))


def _filled(form: Form, values: Mapping[str, str]) -> Secrets:
    """Raises `BadArgument` for a blank that is empty and must not be."""
    filled = {blank.name: values.get(blank.name, "").strip() for blank in form.blanks}
    for blank in form.blanks:
        if not filled[blank.name] and not blank.is_optional:
            raise BadArgument(f"{blank.label} is missing.", argument=blank.name)
    return {name: value for name, value in filled.items() if value}
