"""How long an approval waits for a person: when they are reminded, others asked, and when it runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

REMINDED, ESCALATED = 1, 2
_DAYS = timedelta(hours=168)
_HOURS = timedelta(hours=4)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """`expires` after it was put, `reminds` after that and again after as long; None is never."""

    expires: timedelta | None = _DAYS
    reminds: timedelta | None = _HOURS

    def expires_at(self, put_at: datetime) -> datetime | None:
        return None if self.expires is None else put_at + self.expires

    def due_at(self, put_at: datetime, expires_at: datetime | None, *, nudges: int = 0) -> datetime | None:
        """When somebody is to be told next, after so many times; None when nobody is."""
        again = self.reminds is not None and nudges < ESCALATED
        nudge_at = put_at + self.reminds * (nudges + 1) if again and self.reminds else None
        return min((at for at in (nudge_at, expires_at) if at is not None), default=None)
