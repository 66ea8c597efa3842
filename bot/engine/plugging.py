"""What people do with plugins: install, enable, disable, choose, accept, uninstall; the audit log is told of each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace

from bot.audit import chain
from bot.audit.choosing import Chosen, history
from bot.domain.choice import Choice
from bot.domain.clock import Clock
from bot.domain.deciders import Facts
from bot.domain.effect import Effect
from bot.domain.event import Choosing
from bot.domain.grant import Permission
from bot.domain.person import Person
from bot.errors import NotAllowed
from bot.policy import choosing, plugging
from bot.sdk.connect import Per
from bot.sdk.plugin import Plugin
from bot.store import choices, locks
from bot.store.database import Database, Session, veiled

logger = logging.getLogger(__name__)

Move = Callable[[Choice | None], Choice | None]


class AdminsOnly(NotAllowed):
    """The person can act: they ask an admin of the workspace for it."""


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """A plugin as one person has it: what the admins chose for everybody, and they for their own tasks."""

    plugin: Plugin
    team: Choice | None = None
    own: Choice | None = None

    @property
    def is_installed(self) -> bool:
        return self.team is not None

    @property
    def is_on(self) -> bool:
        """For the tasks of this person."""
        return self.team is not None and self.team.is_on and (self.own is None or self.own.is_on)

    @property
    def unseen(self) -> tuple[str, ...]:
        """Tools that an upgrade brought, and that no admin has accepted."""
        return choosing.unseen(self.team, effects(self.plugin)) if self.team else ()

    def permission(self, tool: str, per: Per) -> Permission:
        """How a tool is set: for everybody, or for this person's tasks."""
        team, effect = self.team or Choice(), self.plugin.tools[tool].effect
        if per is Per.TEAM:
            return plugging.of_team(tool, effect, team)
        return choosing.of_person(tool, effect, team, self.own)

    def offered(self, tool: str, per: Per) -> tuple[Permission, ...]:
        """Between which one can choose for a tool."""
        effect = self.plugin.tools[tool].effect
        if per is Per.TEAM:
            return plugging.offered(effect)
        return choosing.most(tool, effect, self.team or Choice())

    @property
    def reach(self) -> tuple[str, ...]:
        """Where tasks of this person get: nowhere when the two choices have nothing in common."""
        return plugging.narrowed(self.scope(Per.TEAM), self.scope(Per.PERSON))

    def scope(self, per: Per) -> tuple[str, ...]:
        choice = self.team if per is Per.TEAM else self.own
        return choosing.EVERYTHING if choice is None else choice.scope


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be otherwise; what is not named stays as it is."""

    permissions: Mapping[str, Permission] = field(default_factory=dict)
    scope: tuple[str, ...] | None = None


class Plugging:
    """`plugins` are those that there are, by name. A team's choice is for its admins; a person's own is theirs."""

    def __init__(self, database: Database, plugins: Mapping[str, Plugin], *, clock: Clock) -> None:
        self._database = database
        self._plugins = plugins
        self._clock = clock

    def shelf(self, person: Person) -> tuple[Shelved, ...]:
        """All that there are, as they declare themselves, those that are installed first."""
        with self._database.read() as session:
            team = choices.of_team(session, person.team)
            own = choices.of_team(session, person.team, user=person.user)
        found = [
            Shelved(plugin=plugin, team=team.get(name), own=own.get(name))
            for name, plugin in self._plugins.items()
        ]
        return tuple(sorted(found, key=lambda one: (not one.is_installed, one.plugin.title.casefold())))

    def shelved(self, person: Person, name: str) -> Shelved:
        """Raises `NotAllowed` for a plugin that there is not."""
        self._there(name)
        return next(one for one in self.shelf(person) if one.plugin.name == name)

    def history(self, person: Person, name: str, *, most: int = 12) -> list[Chosen]:
        """What was changed, newest first, as far back as the audit log goes."""
        names = {tool: action.name for tool, action in self._there(name).tools.items()}
        with self._database.read() as session:
            return history(session, person.team, name, lambda what: names.get(what, what), most=most)

    def install(self, person: Person, name: str, facts: Facts) -> None:
        """With its reads on and everything else off. Installed already, it stays as it is."""
        plugin = self._there(name)
        _check(person, facts, f"install {plugin.title}")
        new = choosing.installed(effects(plugin), plugin.version)
        self._change(person, plugin, Choosing.INSTALLED, Per.TEAM, lambda before: before or new)

    def enable(self, person: Person, name: str, facts: Facts, per: Per = Per.TEAM) -> None:
        plugin = self._allowed(person, name, facts, per, "enable {} for everybody")
        self._change(person, plugin, Choosing.ENABLED, per, lambda was: replace(_given(was, per), is_on=True))

    def disable(self, person: Person, name: str, facts: Facts, per: Per = Per.TEAM) -> None:
        """No task gets it; what was chosen and connected is kept."""
        plugin = self._allowed(person, name, facts, per, "disable {} for everybody")
        self._change(
            person, plugin, Choosing.DISABLED, per, lambda was: replace(_given(was, per), is_on=False)
        )

    def choose(self, person: Person, name: str, wish: Wish, facts: Facts, per: Per = Per.TEAM) -> None:
        """Raises `NotAllowed` for what cannot be chosen, and changes nothing then."""
        plugin = self._allowed(person, name, facts, per, "choose what {} may do for everybody")
        tools = effects(plugin)
        for tool, permission in wish.permissions.items():
            if tool not in tools or permission not in plugging.offered(tools[tool]):
                raise NotAllowed(f"“{permission}” is no choice for {tool} of {plugin.title}.")
        self._change(person, plugin, Choosing.CHOSEN, per, lambda was: _wished(_given(was, per), wish), wish)

    def accept(self, person: Person, name: str, facts: Facts) -> None:
        """What an upgrade brought is known from now on: its reads are on, the rest is off until it is chosen."""
        plugin = self._allowed(person, name, facts, Per.TEAM, "accept what is new in {}")
        seen = effects(plugin), plugin.version
        self._change(
            person,
            plugin,
            Choosing.ACCEPTED,
            Per.TEAM,
            lambda was: choosing.accepted(_given(was, Per.TEAM), *seen),
        )

    def uninstall(self, person: Person, name: str, facts: Facts, end: Callable[[], None]) -> None:
        """Its connections are ended first, by `end`; then everybody's choices for it are forgotten."""
        plugin = self._allowed(person, name, facts, Per.TEAM, "uninstall {}")
        end()
        self._change(person, plugin, Choosing.UNINSTALLED, Per.TEAM, lambda was: None)

    def _allowed(self, person: Person, name: str, facts: Facts, per: Per, deed: str) -> Plugin:
        plugin = self._there(name)
        if per is Per.TEAM:
            _check(person, facts, deed.format(plugin.title))
        return plugin

    def _there(self, name: str) -> Plugin:
        if name not in self._plugins:
            raise NotAllowed(f"There is no plugin {name} here.")
        return self._plugins[name]

    def _change(
        self, person: Person, plugin: Plugin, deed: Choosing, per: Per, move: Move, wish: Wish = Wish()
    ) -> None:
        """Read, changed, written and told in one transaction; nothing where nothing is otherwise then."""
        user = choices.TEAM if per is Per.TEAM else person.user
        with self._database.write("plugin.choose") as session:
            locks.hold(session, "plugin", f"{person.team} {plugin.name}")
            team = choices.of(session, person.team, plugin.name)
            if team is None and deed is not Choosing.INSTALLED:
                raise NotAllowed(f"{plugin.title} is not installed (any more). Nothing was changed.")
            _check_scope(wish, team, per)
            before = choices.of(session, person.team, plugin.name, user=user)
            after = move(before)
            if after == before or (before is None and after == Choice()):
                return
            if after is None:
                choices.forget(session, person.team, plugin.name)
            else:
                choices.choose(session, person, plugin.name, after, now=self._clock(), user=user)
            self._tell(session, person, plugin, deed, per, choosing.changes(before, after, effects(plugin)))
        logger.info("plugin %s %s by %s@%s", plugin.name, deed, person.user, person.team)

    def _tell(
        self,
        session: Session,
        person: Person,
        plugin: Plugin,
        deed: Choosing,
        per: Per,
        changed: tuple[choosing.Change, ...],
    ) -> None:
        told = {
            "plugin": plugin.name,
            "title": plugin.title,
            "by": person.name,
            "per": per.value,
            "changes": [asdict(one) for one in changed],
        }
        actor = f"{person.user}@{person.team}"
        chain.append(
            session, 0, actor=actor, action=deed.value, now=self._clock(), data=veiled(session, told)
        )


def effects(plugin: Plugin) -> Mapping[str, Effect]:
    """What each of its tools does."""
    return {tool: one.effect for tool, one in plugin.tools.items()}


def _check(person: Person, facts: Facts, deed: str) -> None:
    if not facts.is_admin or facts.is_guest:
        raise AdminsOnly(f"Only an admin of this workspace can {deed}.")


def _check_scope(wish: Wish, team: Choice | None, per: Per) -> None:
    if wish.scope is None:
        return
    if why := choosing.trouble(wish.scope, team if per is Per.PERSON else None):
        raise NotAllowed(why)


def _given(before: Choice | None, per: Per) -> Choice:
    """A person who chose nothing yet has what the team has."""
    assert before is not None or per is Per.PERSON
    return before or Choice()


def _wished(before: Choice, wish: Wish) -> Choice:
    scope = before.scope if wish.scope is None else wish.scope
    return replace(before, permissions={**before.permissions, **wish.permissions}, scope=scope)
