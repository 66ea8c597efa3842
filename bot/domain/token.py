"""An API token: what lets a program act as one person, within scopes and until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.person import Person


class TokenScope(StrEnum):
    """APPROVE decides, and takes back; CONNECTORS is of use to an admin of the workspace only."""

    READ = "tasks:read"
    WRITE = "tasks:write"
    APPROVE = "tasks:approve"
    AUDIT = "audit:read"
    CONNECTORS = "connectors"


@dataclass(frozen=True, kw_only=True)
class Token:
    """Without its secret: that is known to whoever it was shown to once.

    `person` is whose it is, as they act through it: `person.via` names the token. `used_at` is right to an hour.
    """

    id: str
    person: Person
    name: str
    scopes: frozenset[TokenScope]
    made_at: datetime
    made_by: str
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at
