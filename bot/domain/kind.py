"""A yes to all calls of one kind in one task: a tool, what it does, and where; counted, and over after a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.effect import Effect
from bot.domain.person import Person

USES = 25
LASTS = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`where` is a folder with all that is in it."""

    tool: str
    effects: tuple[Effect, ...]
    where: str


@dataclass(frozen=True, kw_only=True)
class Given:
    """A kind that a person allowed, `left` times more, until it is over or somebody withdraws it."""

    id: str
    kind: Kind
    left: int
    until: datetime
    by: Person
