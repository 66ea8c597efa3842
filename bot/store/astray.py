"""What was put off by a clock that ran ahead: without this it would wait for as long as that clock was wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, update

from bot.store.tables import EarlyRow, OutboxRow, TaskRow

LONGEST_REST = timedelta(hours=2)
_NO_MATTER = timedelta(minutes=5)


def brought_back(session: Session, *, now: datetime) -> int:
    """At the start: rests that end implausibly late end now. How many there were.

    A send that seems to have begun in the future is looked for in the whole thread, not since then.
    """
    late = now + LONGEST_REST
    rests = session.exec(
        update(TaskRow).where(col(TaskRow.not_before) > late).values(not_before=now)
    ).rowcount
    posts = session.exec(update(OutboxRow).where(col(OutboxRow.next_at) > late).values(next_at=now)).rowcount
    session.exec(update(EarlyRow).where(col(EarlyRow.due) > late).values(due=now))
    ahead = col(OutboxRow.started_at) > now + _NO_MATTER
    session.exec(update(OutboxRow).where(ahead).values(started_at=None))
    return rests + posts
