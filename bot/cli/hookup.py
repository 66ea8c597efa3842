"""What every verb of `cowork connectors` begins with: the connectors as the operator has them, and for whom."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot import log
from bot.app.connected import connectors
from bot.app.hidden import veil
from bot.cli import operator, shared
from bot.domain.clock import system_clock
from bot.domain.person import TERMINAL, Person
from bot.emulator.ids import team_id
from bot.engine.bell import Bell
from bot.engine.connectors import Actor, Connectors, Shown
from bot.errors import CoworkError, NotAllowed, NotConfigured
from bot.policy.naming import Taken
from bot.services.hiding import LearningVeil
from bot.settings import Settings
from bot.store import overview
from bot.store.database import Database

T = TypeVar("T")

Home = Annotated[Path | None, typer.Option(help="Where state is kept.")]
Name = Annotated[str, typer.Argument(help="What the connector is called, such as shop.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for scripts.")]
Team = Annotated[
    str,
    typer.Option(help="For one workspace alone (T…, or terminal). Left out: for all, and for cowork run."),
]


@dataclass(frozen=True)
class Hookup:
    """`chosen` is the one team that the verb is about, "" for all."""

    connectors: Connectors
    settings: Settings
    database: Database
    chosen: str = ""

    @cached_property
    def teams(self) -> tuple[str, ...]:
        """`cowork run` and the workspaces; or the one that was named."""
        return (self.chosen,) if self.chosen else (TERMINAL, *_workspaces(self.settings, self.database))

    def actor(self, team: str) -> Actor:
        who = operator.person()
        return Actor(person=Person(team=team, user=who.user, name=who.name), is_admin=True, is_operator=True)

    @property
    def operator(self) -> Actor:
        return self.actor(self.chosen or TERMINAL)

    def one(self, name: str) -> Shown:
        """As the first of the teams has it. Raises `NotAllowed` where none has one of that name."""
        return self.connectors.one(self._having(name)[0], name)

    def each(self, name: str, deed: Callable[[Actor], T]) -> list[T]:
        """For every team that has it."""
        return [deed(self.actor(team)) for team in self._having(name)]

    def looked(self, name: str) -> Shown:
        """As its server offers it now, by a real connection for each team; told with what it wrote to stderr."""
        try:
            return self.each(name, lambda actor: self.connectors.look(actor.person, name))[0]
        except CoworkError as error:
            self._told(name, error)
            raise

    def _having(self, name: str) -> list[str]:
        having = [
            team
            for team in self.teams
            if name in (one.connector.slug for one in self.connectors.listed(team))
        ]
        if not having:
            raise NotAllowed(f"There is no connector {name}. What there is: cowork connectors list")
        return having

    def _told(self, name: str, error: CoworkError) -> None:
        for line in self.connectors.one(self._having(name)[0], name).health.stderr[-10:]:
            if line not in str(error):
                shared.err.print(shared.legible(f"{name}: {line}"), markup=False, style="dim")


@contextmanager
def hookup(home: Path | None, team: str = "") -> Iterator[Hookup]:
    with shared.database(home) as database:
        settings = shared.settings(COWORK_HOME=home)
        hidden = veil(database, settings)
        database.veil = hidden
        log.hide(hidden)
        made, _ = connectors(
            settings,
            database,
            partial(_taken, settings, database, hidden),
            clock=system_clock,
            bell=Bell(),
            veil=hidden,
            url="",
        )
        with closing(made):
            yield Hookup(made, settings, database, team)


def where(teams: tuple[str, ...]) -> str:
    """For whom something was done, in words."""
    named = [f"the workspace {team}" for team in teams if team != TERMINAL]
    return " and ".join([*named, *(["cowork run"] if TERMINAL in teams else [])])


def typed(server: str) -> str:
    """As a shell takes it behind `approve` and `withdraw`."""
    return f"-- {shlex.join(json.loads(server))}" if server.startswith("[") else shlex.quote(server)


def told(text: str) -> None:
    """Never broken into lines: a command in it can be pasted."""
    shared.out.print(shared.legible(text), markup=False, soft_wrap=True)


def _taken(settings: Settings, database: Database, hidden: LearningVeil) -> Taken:
    """Asked where a connector is named. The plugins are loaded only then, and what their accounts have is hidden."""
    from bot.app.accounts import received
    from bot.registry.plugins import found, names

    there = found(settings.plugins).there
    received(settings, database, there, clock=system_clock, bell=Bell(), veil=hidden, url="")
    return names(there)


def _workspaces(settings: Settings, database: Database) -> list[str]:
    """Those whose people gave it tasks; before the first, the one whose tokens we have."""
    with database.read() as session:
        known = overview.teams(session)
    if settings.uses_local_slack:
        return [team_id(), *(team for team in known if team != team_id())]
    return known or [_of_tokens(settings)]


def _of_tokens(settings: Settings) -> str:
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackClientError

    client = WebClient(
        settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, timeout=10
    )
    try:
        return str(client.auth_test()["team_id"])
    except (SlackClientError, OSError) as error:
        raise NotConfigured(
            "Slack does not say which workspace this is. Give it with --team T…; `cowork doctor` says more."
        ) from error
