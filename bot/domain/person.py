"""Who speaks, and where."""

from __future__ import annotations

from dataclasses import dataclass, field

TERMINAL = "terminal"
NOWHERE = "nowhere"
"""Of a task that was asked for by a program and lives in no thread: who asked reads its events."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who can ask, steer or decide; `user` is unique within `team`.

    `via` is what they speak through ("API token ci"), "" where they do in person: it is no part of who they are.
    """

    team: str
    user: str
    name: str
    via: str = field(default="", compare=False)

    def is_same(self, other: Person) -> bool:
        return (self.team, self.user) == (other.team, other.user)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a task lives: a thread in a channel, the terminal, or nowhere. A new Slack task has no thread yet."""

    team: str
    channel: str
    thread: str | None = None

    @property
    def is_terminal(self) -> bool:
        return self.channel == TERMINAL

    @property
    def is_in_slack(self) -> bool:
        """News of it is messages there; elsewhere whoever asked reads events."""
        return self.channel not in (TERMINAL, NOWHERE)
