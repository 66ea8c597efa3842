"""Where accounts are connected: what the edges need of them, in one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.clock import Clock
from bot.sdk.plugin import Plugin
from bot.services.addresses import Given
from bot.services.connecting import Connecting
from bot.services.connections import Connections
from bot.services.happened import Told
from bot.services.hiding import LearningVeil
from bot.services.linking import Linking
from bot.services.slack_sign_in import SlackSignIn
from bot.store.database import Database
from bot.store.sealing import Seal


@dataclass(frozen=True, kw_only=True)
class Reception:
    """Connections as they are used; by forms, and taken away; by links."""

    connections: Connections
    connecting: Connecting
    linking: Linking


def reception(
    database: Database,
    plugins: Mapping[str, Plugin],
    *,
    seal: Seal,
    clock: Clock,
    given: Given,
    told: Told,
    rang: Callable[[], None] = lambda: None,
    veil: LearningVeil,
    public_url: str,
    slack: SlackSignIn | None = None,
) -> Reception:
    """`given` are the operator's settings by name, `public_url` is where browsers reach us. `rang` hears when there
    may be work for a task that waited."""
    connections = Connections(database, plugins, seal=seal, clock=clock, given=given, veil=veil, told=told)
    connecting = Connecting(database, connections, seal=seal, clock=clock, given=given, told=told, rang=rang)
    linking = Linking(
        database,
        connections,
        connecting,
        seal=seal,
        clock=clock,
        given=given,
        public_url=public_url,
        slack=slack,
    )
    return Reception(connections=connections, connecting=connecting, linking=linking)
