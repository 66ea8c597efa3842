"""A connection as everybody may know it: whose it is, how it was made and how it does, without its secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

TEAM = ""
"""The owner of what is everybody's."""


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
