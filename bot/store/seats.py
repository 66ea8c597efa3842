"""Seats: what one process of the fleet does for all, held by saying so again and again."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import DateTime, Session, bindparam, col, delete, text

from bot.store.seat_table import SeatRow

_TAKE = text(
    "INSERT INTO seat (name, holder, until) VALUES (:name, :holder, :until) "
    "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until "
    "WHERE seat.holder = excluded.holder OR seat.until < :now"
).bindparams(
    bindparam("now", type_=DateTime(timezone=True)), bindparam("until", type_=DateTime(timezone=True))
)


def take(session: Session, name: str, *, holder: str, now: datetime, until: datetime) -> bool:
    """Take a free seat, or keep one's own. One conditional statement: two processes never hold it at once."""
    taken = session.execute(_TAKE, {"name": name, "holder": holder, "now": now, "until": until})
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def leave(session: Session, holder: str) -> None:
    """Somebody else may take over at once."""
    session.exec(delete(SeatRow).where(col(SeatRow.holder) == holder))
