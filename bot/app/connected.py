"""The connectors of this process, as the operator's settings have them; none of MCP is loaded before one is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.domain.clock import Clock
from bot.engine.connectors import Connectors, Filed, Taken
from bot.errors import NotConfigured
from bot.registry.plugins import RESERVED
from bot.registry.tools import Toolset
from bot.services.hiding import LearningVeil
from bot.settings import Settings, given
from bot.store import vault
from bot.store.database import Database
from bot.store.sealing import Seal

if TYPE_CHECKING:
    from bot.connectors.hub import Hub

_OURS = ("COWORK_", "SLACK_", "ANTHROPIC_")
"""How the operator's secrets for Cowork itself begin: no server is given one of them."""


def connectors(
    settings: Settings,
    database: Database,
    tools: Toolset,
    *,
    clock: Clock,
    veil: LearningVeil,
    filed: Sequence[Filed] = (),
) -> Connectors:
    plugins = tools.plugins
    return Connectors(
        database,
        hub=lambda made: _hub(made, settings, database, veil, clock),
        clock=clock,
        filed=filed,
        taken=Taken(
            tools=(*RESERVED, *(name for plugin in plugins.values() for name in plugin.tools)),
            plugins={name: plugin.title for name, plugin in plugins.items()},
        ),
        folders=settings.folders,
    )


def secret(settings: Settings, database: Database, veil: LearningVeil, name: str) -> str:
    """What the operator keeps under this name, in the vault or in the environment; hidden in every text from now on."""
    if name.upper().startswith(_OURS):
        raise NotConfigured(
            f"{name} is Cowork's own, and is given to no server. Keep what it needs under another name."
        )
    with database.read() as session:
        value = vault.value(session, Seal(settings.secret_keys), owner=vault.OPERATOR, name=name)
    value = value or given(name)
    if not value:
        raise NotConfigured(f"There is no secret {name}. Keep it with `cowork secrets set {name}`.")
    veil.learn(f"connectors: {name}", {name: value})
    return value


def _hub(made: Connectors, settings: Settings, database: Database, veil: LearningVeil, clock: Clock) -> Hub:
    from bot.connectors.hub import Hub

    return Hub(
        secret=lambda name: secret(settings, database, veil, name),
        may_open=made.may_open,
        inside=lambda origin: origin in made.approved(),
        era=made.era,
        clock=clock,
    )
