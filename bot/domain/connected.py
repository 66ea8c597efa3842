"""A connection as everybody may know it: whose it is, how it was made and how it does, without its secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

TEAM = ""
"""The owner of what is everybody's."""

SIGN_IN = "sign-in"

_CONNECTOR = "mcp."
"""No name of a plugin has a dot in it."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The sign-in that a task needs before it goes on. `seen` is the state of the connection that did not do."""

    plugin: str
    owner: str
    writes: bool = False
    seen: str = ""

    @property
    def ref(self) -> str:
        """As it is kept with the message that asks for it."""
        return ":".join((self.plugin, self.owner, "write" if self.writes else "read", self.seen))


def wanted(ref: str) -> Wanted:
    """What `Wanted.ref` says."""
    plugin, owner, access, seen = ref.split(":")
    return Wanted(plugin=plugin, owner=owner, writes=access == "write", seen=seen)


@dataclass(frozen=True, kw_only=True)
class Connected:
    """`owner` is a person's id, or `TEAM`. `scopes` are what the service granted, none where it does not say.

    `trouble` is why it needs a new sign-in, "" while it works; `ends_at` is when its token ends. `version` grows
    whenever what it holds is another.
    """

    id: str
    team: str
    owner: str
    plugin: str
    way: str
    account: str
    made_by: str
    made_at: datetime
    checked_at: datetime
    renewed_at: datetime
    scopes: tuple[str, ...] = ()
    can: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
    ends_at: datetime | None = None
    version: int = 1

    @property
    def is_ok(self) -> bool:
        return not self.trouble

    @property
    def is_team(self) -> bool:
        return self.owner == TEAM

    @property
    def state(self) -> str:
        """Changes with everything that a task could have waited for."""
        return f"{self.id}.{self.version}"


def waits_for(team: str, owner: str, plugin: str) -> str:
    """What a task that pauses for a sign-in waits for."""
    return f"{SIGN_IN}:{team}:{owner}:{plugin}"


def name_of(slug: str) -> str:
    """What the sign-in at a connector's server is kept under, where that at a service is kept under its plugin."""
    return f"{_CONNECTOR}{slug}"


def slug_of(name: str) -> str:
    """The connector that a sign-in is of; "" where it is of a plugin."""
    return name.removeprefix(_CONNECTOR) if name.startswith(_CONNECTOR) else ""
