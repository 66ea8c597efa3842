"""A connector as people set it up: what they chose for each of its tools, and what of them an admin has accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.connector import Catalogue, Connector, Definition, Health
from bot.domain.effect import Effect
from bot.domain.grant import Permission

LIST_RESOURCES = "list_resources"
READ_RESOURCE = "read_resource"
RESOURCES = (LIST_RESOURCES, READ_RESOURCE)
"""The two tools by which the model reads the resources of every connector; a toggle of this name is about them."""


@dataclass(frozen=True, kw_only=True)
class Toggle:
    """What an admin chose for one tool. As it comes: the worst that it could do, and asked for each time."""

    effect: Effect = Effect.DELETE
    permission: Permission = Permission.ASK


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A connector that the operator wrote into connectors.toml. The tools that it has toggles for are accepted as they
    are first seen: whoever wrote their names there asked for them."""

    connector: Connector
    toggles: Mapping[str, Toggle] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What is kept of a connector for one team. `connector` is None where connectors.toml says how it is reached.

    `accepted` are its tools as an admin accepted them of `server`: of another server they say nothing. `catalogue` is
    what it was last seen to offer (None: it was never reached).
    """

    server: str
    connector: Connector | None = None
    toggles: Mapping[str, Toggle] = field(default_factory=dict)
    accepted: tuple[Definition, ...] = ()
    catalogue: Catalogue | None = None
    is_on: bool = True
    added_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Tooling:
    """One tool of a connector as people are shown it.

    `definition` is as the server describes it now, `accepted` as an admin accepted it: None is new, another is changed,
    and both are off until an admin accepts them. `suggested` is what the server's own hints say that it does, which
    only prefills what an admin chooses.
    """

    definition: Definition
    accepted: Definition | None
    toggle: Toggle
    suggested: Effect

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def is_new(self) -> bool:
        return self.accepted is None

    @property
    def is_unsaid(self) -> bool:
        """Nobody said what it does, and its server says something milder than what it therefore counts as."""
        return self.toggle == Toggle() and self.suggested is not Effect.DELETE

    @property
    def is_changed(self) -> bool:
        return self.accepted is not None and self.accepted.digest != self.definition.digest

    @property
    def is_accepted(self) -> bool:
        return self.accepted is not None and not self.is_changed


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One connector. `missing` are tools that an admin accepted, and its server no longer has.

    `resources` are the toggles of the two tools that list and read its resources. `tested_at` is when an admin last
    tested exactly this, where that is known.
    """

    connector: Connector
    catalogue: Catalogue
    tools: tuple[Tooling, ...]
    is_on: bool
    is_from_file: bool
    health: Health
    added_by: str
    is_approved: bool
    missing: tuple[str, ...] = ()
    resources: Mapping[str, Toggle] = field(default_factory=dict)
    tested_at: datetime | None = None

    @property
    def unseen(self) -> tuple[Tooling, ...]:
        """Those that wait for an admin: new, or no longer as they were accepted."""
        return tuple(one for one in self.tools if not one.is_accepted)
