"""Taking turns on PostgreSQL within a transaction; on SQLite every write unit has its turn already."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

from bot.store.statements import once, put

_HOLD = text("SELECT pg_advisory_xact_lock(hashtext(:what), hashtext(:which))")


def hold(session: Session, what: str, which: str = "") -> None:
    """Until the end of the transaction, nobody else holds `which` of these."""
    if is_shared(session) and once(session, f"lock {what} {which}"):
        put(session, _HOLD, {"what": f"cowork:{what}", "which": which})


def is_shared(session: Session) -> bool:
    """Several processes may write to this database."""
    return session.get_bind().dialect.name == "postgresql"
