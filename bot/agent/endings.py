"""How one stretch of work on a task ends."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.budget import SpentOut


@dataclass(frozen=True, kw_only=True)
class Finished:
    """Nothing is left to do; `text` is the model's last word."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An approval is pending: a person decides."""


@dataclass(frozen=True, kw_only=True)
class Paused:
    """A budget is used up; the work is kept."""

    spent: SpentOut


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """Someone stopped it, and every open call has its answer."""

    by: str


@dataclass(frozen=True, kw_only=True)
class Parked:
    """The process is shutting down: another will go on."""


Ending = Finished | Waiting | Paused | Stopped | Parked
