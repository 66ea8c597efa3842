"""How many unfinished tasks one person may have."""

from __future__ import annotations

from bot.domain.person import Person
from bot.errors import NotAllowed
from bot.store import locks, overview
from bot.store.database import Session


def check(session: Session, person: Person, most: int, *, whose: str = "You already have") -> None:
    """Raises `NotAllowed` at the limit. Nobody else counts for this person until the commit."""
    locks.hold(session, "open tasks", f"{person.user}@{person.team}")
    if overview.count_open(session, person) >= most:
        raise NotAllowed(
            f"{whose} {most} tasks that are not finished. "
            "Stop or finish one (`/cowork list` shows them), then try this again."
        )
