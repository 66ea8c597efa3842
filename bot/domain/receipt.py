"""Proof of what was done, and what is handed over."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.effect import Effect


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof of an executed effect: what, where, before and after, and how it is undone ("" = it cannot be).

    `mark` tells a file that the task made, as long as nobody else changes it.
    """

    effect: Effect
    what: str
    where: str
    before: str = ""
    after: str = ""
    undo: str = ""
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class Deliverable:
    """A finished file for the thread: `path` is a copy in the task's own folder, so it cannot change later."""

    path: str
    title: str
    comment: str = ""
    size: int = 0
