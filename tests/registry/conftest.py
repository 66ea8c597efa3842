"""The library that the host's own plugin speaks to, and offices whose tasks may work with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.domain.choice import Choice
from bot.domain.effect import Effect
from bot.domain.grant import Permission
from bot.domain.person import Person
from bot.engine.services import Accounts
from bot.errors import SignInNeeded
from bot.registry.tools import Toolset
from bot.sdk import Connection, Per, Plugin
from bot.store import choices
from tests.engine.furnished import NewOffice, offices
from tests.engine.office import ANA, Office
from tests.registry.shelf import shelf
from tests.registry.shelf.library import Library, library

ALL = Choice(known=frozenset(shelf().tools), permissions=dict.fromkeys(shelf().tools, Permission.ASK))
READS = Choice(known=frozenset(shelf().tools))


@pytest.fixture
def books() -> Iterator[Library]:
    with library() as opened:
        yield opened


@pytest.fixture
def office(tmp_path: Path) -> Iterator[NewOffice]:
    with offices(tmp_path) as made:
        yield made


class Signed:
    """Ana's account at the library, and nobody else's, while she has one."""

    def __init__(self, url: str, per: Per = Per.TEAM) -> None:
        self.per = per
        self._url = url
        self.is_in = True

    @property
    def accounts(self) -> Accounts:
        return Accounts(connection=self._of, connected=lambda _: {"shelf"} if self.is_in else set())

    def _of(self, person: Person, plugin: Plugin, **_: object) -> Connection:
        if not self.is_in or not person.is_same(ANA):
            raise SignInNeeded(f"Nobody connected {plugin.title} here.", plugin=plugin.name)
        endpoints = {"api": self._url}
        return Connection(
            plugin="shelf", way="token", per=self.per, secrets={"token": "t"}, endpoints=endpoints
        )


def chosen(office: Office, choice: Choice, user: str = "") -> None:
    """An admin's choice for everybody, or a person's for themselves."""
    with office.database.write("choices.choose") as session:
        choices.choose(session, ANA, "shelf", choice, now=office.clock(), user=user)


EFFECTS = {name: one.effect for name, one in shelf().tools.items()}
assert Effect.SEND in EFFECTS.values()


@pytest.fixture
def toolset() -> Toolset:
    return Toolset({"shelf": shelf()})


Chosen = Callable[[Office, Choice], None]
