"""The services that a task may work with now: what was chosen for them, and whose accounts are used."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

from bot.domain.clock import Clock
from bot.domain.effect import Effect
from bot.domain.grant import Grants, Permission, ServiceGrant
from bot.domain.person import Person
from bot.domain.pin import Pin
from bot.domain.task import Task
from bot.engine.connected import Connected
from bot.errors import CoworkError, SignInNeeded
from bot.policy import plugging
from bot.registry.finding import Reach
from bot.registry.plugged import UNDO
from bot.registry.tools import Toolset
from bot.sdk.connect import Connection
from bot.sdk.plugin import Plugin
from bot.sdk.tool import Tool
from bot.store import choices
from bot.store.database import Database
from bot.tools.abroad import Abroad


def _none(person: Person, plugin: Plugin, **_: object) -> Connection:
    raise SignInNeeded(f"Nobody connected {plugin.title} here.", plugin=plugin.name)


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """`connection` gives the account for a person's task that only reads, or writes; raises `SignInNeeded` without one.

    `connected` are the plugins that a person's tasks have an account for, theirs or the team's. `refused` is told of a
    token that a service did not take, and gives what is to be raised: `Unavailable` where another one is worth a try.
    """

    connection: Callable[..., Connection] = _none
    connected: Callable[[Person], Collection[str]] = lambda _: frozenset()
    refused: Callable[[Person, Connection, str], CoworkError] = lambda _, used, why: SignInNeeded(
        why, plugin=used.plugin
    )


class Services:
    """What a task was granted is asked for anew at each verdict: a switch that is turned off binds at once."""

    def __init__(
        self,
        database: Database,
        tools: Toolset,
        accounts: Accounts,
        *,
        clock: Clock,
        connected: Connected | None = None,
    ) -> None:
        self._database = database
        self._tools = tools
        self._accounts = accounts
        self._clock = clock
        self._connected = connected

    def grants(self, task: Task) -> Mapping[str, ServiceGrant]:
        """By plugin; a call and its undoing are switched together."""
        return {name: _with_undoing(granted) for name, granted in self._granted(task.person).items()}

    def granted(self, task: Task) -> Grants:
        """All that is outside: services, and connectors."""
        if self._connected is None:
            return Grants(services=self.grants(task))
        return Grants(
            services=self.grants(task),
            connectors=self._connected.grants(task),
            addresses=self._connected.addresses(task),
        )

    def known(self, task: Task) -> Mapping[str, Tool]:
        """All that a person can be shown a call of."""
        return {**self._tools.known, **self._lines(task)}

    def shown(self, task: Task) -> Mapping[str, Tool]:
        """The same, as it is known now: no server is asked what it offers."""
        return {**self._tools.known, **self._lines(task, is_looking=False)}

    def laid_out(self, task: Task) -> tuple[Mapping[str, Tool], list[Tool]]:
        """All that its calls can name, and what of it the model is shown."""
        lines = self._lines(task)
        tools, shown = self._tools.for_task(self._reach(task, lines))
        return {**tools, **lines}, shown

    def abroad(self, task: Task) -> Abroad:
        return Abroad(
            connection=partial(self._accounts.connection, task.person),
            refused=partial(self._accounts.refused, task.person),
            grants=partial(self.grants, task),
            pins=partial(self._pin, task),
            clock=self._clock,
            plugins=self._tools.plugins,
        )

    def _pin(self, task: Task, tool: str) -> Pin | None:
        return None if self._connected is None else self._connected.pin(task, tool)

    def _reach(self, task: Task, lines: Mapping[str, Tool]) -> Reach | None:
        """What of it the model is told; None where nothing outside is on for the requester."""
        if not lines and (not self._tools.plugins or not self._granted(task.person)):
            return None
        return Reach(
            tools=lambda: {**self._tools.offered(self._offered(task.person)), **self._open(task, lines)},
            examples=self._tools.examples(),
            unconnected=lambda: self._unconnected(task.person),
        )

    def _lines(self, task: Task, *, is_looking: bool = True) -> Mapping[str, Tool]:
        if self._connected is None:
            return {}
        return self._tools.veiled(self._connected.tools(task, is_looking=is_looking))

    def _open(self, task: Task, lines: Mapping[str, Tool]) -> dict[str, Tool]:
        """Of connectors the tools that are not off."""
        if self._connected is None or not lines:
            return {}
        offered = self._connected.offered(task)
        return {name: tool for name, tool in lines.items() if name in offered}

    def _granted(self, person: Person) -> dict[str, ServiceGrant]:
        if not self._tools.plugins:
            return {}
        with self._database.read() as session:
            team = choices.of_team(session, person.team)
            own = choices.of_team(session, person.team, user=person.user)
        found = {
            name: plugging.granted(_effects(plugin), team.get(name), own.get(name))
            for name, plugin in self._tools.plugins.items()
        }
        return {name: granted for name, granted in found.items() if granted is not None}

    def _offered(self, person: Person) -> set[str]:
        """Of what is connected the actions that are not off."""
        connected = self._accounts.connected(person)
        return {
            tool
            for name, granted in self._granted(person).items()
            for tool, permission in granted.permissions.items()
            if name in connected and permission is not Permission.OFF
        }

    def _unconnected(self, person: Person) -> list[Plugin]:
        connected = self._accounts.connected(person)
        return [self._tools.plugins[name] for name in self._granted(person) if name not in connected]


def _effects(plugin: Plugin) -> dict[str, Effect]:
    return {name: action.effect for name, action in plugin.tools.items()}


def _with_undoing(granted: ServiceGrant) -> ServiceGrant:
    backward = {f"{UNDO}{tool}": permission for tool, permission in granted.permissions.items()}
    return ServiceGrant(permissions={**granted.permissions, **backward}, scope=granted.scope)
