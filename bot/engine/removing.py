"""A connector is removed: with what was chosen for it and everybody's sign-in, in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.clock import Clock
from bot.domain.connected import name_of
from bot.domain.connector import Connector
from bot.domain.event import Connecting
from bot.domain.person import Person
from bot.domain.tooling import Shown
from bot.engine.servers import Actor, tell
from bot.errors import NotAllowed
from bot.store import connections, connectors
from bot.store.database import Database

Ending = Callable[[Connector, Person], Callable[[], str]]
"""Takes hold of all sign-ins of a person's team at a connector's server. What it gives takes them back there, once
they are forgotten here, and says what came of that."""


def nobodys(connector: Connector, person: Person) -> Callable[[], str]:
    """Where nobody signs in."""
    return lambda: ""


def removed(database: Database, actor: Actor, gone: Shown, ending: Ending, clock: Clock) -> Callable[[], str]:
    """What is left to do, at its server. One that the operator does not approve (any more) is not asked anything.

    Raises `NotAllowed` for one that stands in connectors.toml.
    """
    slug, team = gone.connector.slug, actor.person.team
    if gone.is_from_file:
        raise NotAllowed(f"{gone.connector.title} stands in connectors.toml. It can be switched off here.")
    take_back = (ending if gone.is_approved else nobodys)(gone.connector, actor.person)
    with database.write("connector.choose") as session:
        held = connections.of_plugin(session, team, name_of(slug))
        for one in held:
            connections.forget(session, one)
        if connectors.forget(session, team, slug):
            tell(session, actor, Connecting.REMOVED, {"connector": slug, "sign_ins": len(held)}, clock)
    return take_back
