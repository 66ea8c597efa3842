"""What people do with connectors: approve servers, test, save, permit, accept; the audit log is told of each."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.clock import Clock
from bot.domain.connector import Catalogue, Condition, Connector, Health
from bot.domain.event import Connecting
from bot.domain.grant import FolderGrant
from bot.domain.person import Person
from bot.domain.tooling import Filed, Setup, Shown, Toggle, Tooling
from bot.engine import removing
from bot.engine.removing import Ending, nobodys
from bot.engine.servers import Actor, Servers, must_be_admin, tell
from bot.errors import CoworkError, NotAllowed
from bot.policy import confiding, connecting, naming, serving, setting_up
from bot.policy.filing import ConnectorsFile
from bot.policy.naming import Taken
from bot.store import connectors, locks, tasks
from bot.store.database import Database, Session

if TYPE_CHECKING:
    from bot.connectors.hub import Hub

logger = logging.getLogger(__name__)

__all__ = ["Actor", "Connectors", "Filed", "Shown", "Taken", "Toggle", "Tooling"]

Move = Callable[[Session, Setup | None], Setup]


class Connectors:
    """`hub` is made by the first that needs a connection: it costs what a process without connectors need not pay.

    `file` gives connectors.toml: every team has what stands there, and its servers are approved, as are those under
    `approved` in it. `folders` are what an admin may let a server see. `ending` takes back what people signed in with,
    when one is removed.
    """

    def __init__(
        self,
        database: Database,
        *,
        hub: Callable[[Connectors], Hub],
        clock: Clock,
        file: Callable[[], ConnectorsFile] = ConnectorsFile,
        taken: Callable[[], Taken] = Taken,
        folders: Sequence[FolderGrant] = (),
        ending: Ending = nobodys,
    ) -> None:
        self._database = database
        self._make_hub = hub
        self._clock = clock
        self._taken = taken
        self._folders = tuple(folders)
        self._ending = ending
        self._lock = threading.Lock()
        self._hub: Hub | None = None
        self.servers = Servers(database, file, clock=clock, changed=self._bar)

    @property
    def hub(self) -> Hub:
        with self._lock:
            if self._hub is None:
                self._hub = self._make_hub(self)
            return self._hub

    def close(self) -> None:
        """Every server that this process started is stopped."""
        with self._lock:
            hub, self._hub = self._hub, None
        if hub is not None:
            hub.close()

    def conditions(self) -> Mapping[Condition, int]:
        """How many connections of this process fare how."""
        return {} if self._hub is None else self._hub.conditions()

    def listed(self, team: str) -> list[Shown]:
        """Those of the file and those that its admins added, by title."""
        with self._database.read() as session:
            setups = connectors.of_team(session, team)
            approved = self.servers.known(session)
        slugs = {
            *self.servers.filed,
            *(slug for slug, setup in setups.items() if setup.connector is not None),
        }
        found = [self._shown(team, slug, setups.get(slug), approved) for slug in slugs]
        return sorted(found, key=lambda one: (one.connector.title.casefold(), one.connector.slug))

    def one(self, team: str, slug: str) -> Shown:
        """Raises `NotAllowed` where there is none."""
        with self._database.read() as session:
            setup = connectors.of(session, team, slug)
            approved = self.servers.known(session)
        if slug not in self.servers.filed and (setup is None or setup.connector is None):
            raise NotAllowed(f"There is no connector {slug} here (any more).")
        return self._shown(team, slug, setup, approved)

    def tested(self, team: str, shown: Sequence[Shown]) -> list[Shown]:
        """The same, each with when it was last tested as it is."""
        with self._database.read() as session:
            known = connectors.tried_at(session, team, [one.connector for one in shown])
        return [replace(one, tested_at=known.get(one.connector.slug)) for one in shown]

    def approved(self) -> list[str]:
        """The exact servers that may be started or reached, as `Connector.server` writes them."""
        return sorted(self.servers.approved())

    def may_open(self, connector: Connector) -> None:
        """Asked at every start of a server and at every connection to one. Raises `NotAllowed`."""
        self.servers.may_open(connector)

    def changed(self, connector: Connector, person: Person) -> None:
        """A server says that it offers something else now. It is looked at: what is new there waits for an admin."""
        try:
            self.look(person, connector.slug)
        except CoworkError as error:
            logger.warning("the connector %s was changed, and not looked at: %s", connector.slug, error)

    def approve(self, actor: Actor, server: str, *, network: bool = False) -> None:
        """A command with its arguments as JSON, or an address, whose origin is meant. For the operator alone.
        `network`: a program may be given it, too."""
        self.servers.approve(actor, server, network=network)

    def withdraw(self, actor: Actor, server: str) -> None:
        """From the next start and the next verdict on it is not used. Raises `NotAllowed` for one that is not there."""
        self.servers.withdraw(actor, server)
        self._bar()

    def refused_slug(self, slug: str, *, team: str = "", title: str = "") -> str:
        """Why a connector cannot be called so, "" when it can. Its own name and title are free to it."""
        others = {one.connector.slug: one.connector.title for one in self.listed(team)} if team else {}
        return naming.trouble(
            slug,
            title or slug,
            self._taken(),
            others=[(other, named) for other, named in others.items() if other != slug],
        )

    def test(self, actor: Actor, connector: Connector, *, is_shown: bool = True) -> Catalogue:
        """What it offers, by a real connection. Raises `NotAllowed` unless its server is approved. `is_shown`: it is
        put before this person, so that what they save is accepted as that."""
        must_be_admin(actor, "test a connector")
        self._check(actor, connector)
        catalogue = self.hub.look(connector, actor.person)
        if is_shown:
            with self._database.write("connector.try") as session:
                connectors.keep_tried(session, actor.person, connector, catalogue, now=self._clock())
        return catalogue

    def save(self, actor: Actor, connector: Connector, toggles: Mapping[str, Toggle]) -> Shown:
        """What its `test` showed to this person is accepted with it. Saved without one, its tools wait for an admin."""
        must_be_admin(actor, "set up a connector")
        self._check(actor, connector)

        def saved(session: Session, before: Setup | None) -> Setup:
            tried = connectors.tried(session, actor.person, connector)
            return setting_up.saved(before, connector, toggles, tried=tried, by=actor.person.name)

        found = self._change(actor, connector.slug, Connecting.SAVED, saved)
        self._let_go(actor.person.team, connector.slug)
        return found

    def permit(self, actor: Actor, slug: str, toggles: Mapping[str, Toggle]) -> Shown:
        """What is not named stays as it is."""
        must_be_admin(actor, "choose what a connector may do")
        return self._move(actor, slug, Connecting.PERMITTED, lambda was: setting_up.permitted(was, toggles))

    def accept(
        self, actor: Actor, slug: str, tools: Collection[str], *, digests: Mapping[str, str] | None = None
    ) -> Shown:
        """As their server describes them now; with `digests`, only where that is still what this person was shown."""
        must_be_admin(actor, "accept what a connector offers")
        return self._move(
            actor, slug, Connecting.ACCEPTED, lambda was: setting_up.accepted(was, tools, digests)
        )

    def switch(self, actor: Actor, slug: str, is_on: bool) -> Shown:
        """Off, no task gets it; what was chosen is kept."""
        must_be_admin(actor, "switch a connector on or off")
        deed = Connecting.ENABLED if is_on else Connecting.DISABLED
        found = self._move(actor, slug, deed, lambda was: replace(was, is_on=is_on))
        if not is_on:
            self._let_go(actor.person.team, slug)
        return found

    def remove(self, actor: Actor, slug: str) -> str:
        """With everybody's sign-in at its server: nobody could use one, and one of the same name is another. What came
        of taking them back there, in words."""
        must_be_admin(actor, "remove a connector")
        gone = self.one(actor.person.team, slug)
        take_back = removing.removed(self._database, actor, gone, self._ending, self._clock)
        self._let_go(actor.person.team, slug)
        return take_back()

    def reconnect(self, actor: Actor, slug: str) -> Shown:
        """Anew, by a real call. What goes wrong is in the health of what comes back."""
        found = self.one(actor.person.team, slug)
        if not found.connector.is_personal:
            must_be_admin(actor, "reconnect a connector")
        self.may_open(found.connector)
        with contextlib.suppress(CoworkError):
            catalogue = self.hub.reconnect(found.connector, actor.person)
            self.seen(actor.person.team, found.connector, catalogue)
        return self.one(actor.person.team, slug)

    def look(self, person: Person, slug: str) -> Shown:
        """What its server offers now, noted: what is new or changed there is off until an admin accepts it."""
        connector = self.one(person.team, slug).connector
        self.may_open(connector)
        self.seen(person.team, connector, self.hub.look(connector, person))
        return self.one(person.team, slug)

    def seen(self, team: str, connector: Connector, catalogue: Catalogue) -> None:
        """A server was seen to offer this. Of one in connectors.toml the tools that it names there are accepted so."""
        filed = self.servers.filed.get(connector.slug)
        with self._database.write("connector.see") as session:
            locks.hold(session, "connector", f"{team} {connector.slug}")
            before = connectors.of(session, team, connector.slug)
            base = setting_up.of_server(before, connector)
            after = setting_up.seen(base, filed, connector, catalogue)
            if after == before or (filed is None and base.connector is None):
                return
            connectors.keep(session, team, connector.slug, after, now=self._clock())
            told = {"connector": connector.slug, **setting_up.changes(before, after)}
            tell(session, f"server@{team}", Connecting.SEEN, told, self._clock)

    def is_open(self, task_id: int) -> bool:
        """Whether a task still waits for what it asked a server."""
        with self._database.read() as session:
            task = tasks.get(session, task_id)
        return task is not None and not task.state.is_over and not task.stop_by

    def _move(self, actor: Actor, slug: str, deed: Connecting, move: Callable[[Setup], Setup]) -> Shown:
        """Of one that is there."""
        connector = self.one(actor.person.team, slug).connector
        return self._change(
            actor, slug, deed, lambda _, before: move(setting_up.of_server(before, connector))
        )

    def _change(self, actor: Actor, slug: str, deed: Connecting, move: Move) -> Shown:
        """Read, changed, written and told in one transaction; nothing where nothing is otherwise then."""
        team = actor.person.team
        with self._database.write("connector.choose") as session:
            locks.hold(session, "connector", f"{team} {slug}")
            before = connectors.of(session, team, slug)
            after = move(session, before)
            if after != before:
                connectors.keep(session, team, slug, after, now=self._clock())
                told = {"connector": slug, **setting_up.changes(before, after)}
                tell(session, actor, deed, told, self._clock)
        return self.one(team, slug)

    def _shown(self, team: str, slug: str, setup: Setup | None, approved: Collection[str]) -> Shown:
        filed = self.servers.filed.get(slug)
        connector = filed.connector if filed else setup.connector if setup else None
        assert connector is not None
        return connecting.shown(
            setting_up.of_server(setup, connector),
            filed,
            health=self._health(connector, team),
            is_approved=not self.servers.refusal(connector, approved),
        )

    def _bar(self) -> None:
        """What is approved no more ends, also in the middle of a call."""
        if self._hub is not None:
            self._hub.bar()

    def _let_go(self, team: str, slug: str) -> None:
        """What runs here ends; other processes ask at every call."""
        if self._hub is not None:
            self._hub.forget(team, slug)

    def _health(self, connector: Connector, team: str) -> Health:
        if self._hub is None:
            return Health()
        return self._hub.health(connector, Person(team=team, user="", name=""))

    def _check(self, actor: Actor, connector: Connector) -> None:
        """Raises `NotAllowed` for what cannot be set up, saying what to do."""
        if connector.slug in self.servers.filed:
            raise NotAllowed(f"{connector.slug} stands in connectors.toml, and is changed there.")
        why = (
            self.refused_slug(connector.slug, team=actor.person.team, title=connector.title)
            or serving.trouble(connector, None if actor.is_operator else self._folders)
            or serving.exposed(connector, self._database.veil)
            or confiding.exposed(connector)
        )
        if why:
            raise NotAllowed(why)
        self.may_open(connector)
