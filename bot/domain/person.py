"""Who speaks, and where."""

from __future__ import annotations

from dataclasses import dataclass

TERMINAL = "terminal"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who can ask, steer or decide; `user` is unique within `team`."""

    team: str
    user: str
    name: str

    def is_same(self, other: Person) -> bool:
        return (self.team, self.user) == (other.team, other.user)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a task lives: a thread in a channel, or the terminal. A new Slack task has no thread yet."""

    team: str
    channel: str
    thread: str | None = None

    @property
    def is_terminal(self) -> bool:
        return self.channel == TERMINAL
