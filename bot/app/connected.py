"""The connectors of this process, as the operator's settings have them; none of MCP is loaded before one is needed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from bot.app.filing import FileInForce
from bot.connectors.signed_in import SignIns
from bot.connectors.signing import Signing
from bot.domain.clock import Clock
from bot.domain.connector import Connector
from bot.domain.person import Person
from bot.engine import signing_in
from bot.engine.bell import Bell
from bot.engine.connectors import Connectors, Taken
from bot.errors import CoworkError, NotAllowed, NotConfigured
from bot.policy import serving
from bot.policy.filing import ConnectorsFile
from bot.services.hiding import LearningVeil
from bot.settings import Settings, given
from bot.store import vault
from bot.store.database import Database
from bot.store.sealing import Seal

if TYPE_CHECKING:
    import httpx2

    from bot.connectors.hub import Hub

Auth = Callable[[Connector, Person], "httpx2.Auth | None"]

_OURS = ("COWORK_", "SLACK_", "ANTHROPIC_")
"""How the operator's secrets for Cowork itself begin: no server is given one of them."""


def connectors(
    settings: Settings,
    database: Database,
    taken: Callable[[], Taken],
    *,
    clock: Clock,
    bell: Bell,
    veil: LearningVeil,
    url: str,
) -> tuple[Connectors, Signing]:
    """And how people sign in to their servers, which the pages are to be told of.

    `taken` are names that no connector may have, asked for when one is given: to know them takes a while. `url` is
    this process's own address, where the operator has set no other. Raises `NotConfigured` for a connectors.toml that
    cannot be understood.
    """
    file = FileInForce(settings)
    own = partial(secret, settings, database, veil, lambda: _named(file()) | settings.connector_secrets)
    signing = Signing(
        SignIns(
            database,
            seal=Seal(settings.secret_keys),
            clock=clock,
            veil=veil,
            told=signing_in.told(clock),
            rang=bell.ring,
        ),
        known=lambda team, slug: _usable(made, team, slug),
        secret=own,
        inside=lambda origin: origin in made.approved(),
        clock=clock,
        public_url=settings.public_url or url,
        made=lambda connector, person: _looked_at(made, connector, person),
    )
    made = Connectors(
        database,
        hub=lambda made: _hub(made, own, clock, signing.auth),
        clock=clock,
        file=file,
        taken=taken,
        folders=settings.folders,
        ending=signing.ending,
    )
    return made, signing


def secret(
    settings: Settings,
    database: Database,
    veil: LearningVeil,
    of_environment: Callable[[], Collection[str]],
    name: str,
) -> str:
    """What the operator keeps under this name, hidden in every text from now on: in the vault; or in the environment,
    where they named it for that, since more stands there than is meant for servers."""
    if name.upper().startswith(_OURS):
        raise NotConfigured(
            f"{name} is Cowork's own, and is given to no server. Keep what it needs under another name."
        )
    with database.read() as session:
        value = vault.value(session, Seal(settings.secret_keys), owner=vault.OPERATOR, name=name)
    if not value and name in of_environment():
        value = given(name)
    if not value:
        raise NotConfigured(f"There is no secret {name}. Keep it with `cowork secrets set {name}`.")
    veil.learn(f"connectors: {name}", {name: value})
    return value


def _named(file: ConnectorsFile) -> frozenset[str]:
    """The secrets that the operator's own file asks for."""
    return frozenset(name for one in file.connectors for name in serving.secrets(one.connector))


def _usable(made: Connectors, team: str, slug: str) -> Connector | None:
    try:
        found = made.one(team, slug)
    except NotAllowed:
        return None
    return found.connector if found.is_approved else None


def _looked_at(made: Connectors, connector: Connector, person: Person) -> None:
    """What it offers is known as soon as somebody has signed in; what goes wrong with that is in its health."""
    with contextlib.suppress(CoworkError):
        made.seen(person.team, connector, made.hub.reconnect(connector, person))


def _hub(made: Connectors, own: Callable[[str], str], clock: Clock, auth: Auth) -> Hub:
    from bot.connectors.hub import Hub

    return Hub(
        secret=own,
        may_open=made.may_open,
        inside=lambda origin: origin in made.approved(),
        auth=auth,
        era=made.servers.era,
        changed=made.changed,
        clock=clock,
    )
