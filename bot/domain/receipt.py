"""Proof of what was done, and what is handed over."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.effect import Effect


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof of an executed effect: what, where, before and after, and how it is undone ("" = it cannot be).

    `mark` tells a file that the task made, as long as nobody else changes it; `marks` all those that one call made.
    `takes_back` is the effect id of the call that an Undo took back with it.
    """

    effect: Effect
    what: str
    where: str
    before: str = ""
    after: str = ""
    undo: str = ""
    mark: str = ""
    takes_back: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Deliverable:
    """A finished file for the thread: `path` is that of a copy, so it cannot change later.

    It is written down as within the home, which may be brought back elsewhere, and read in full. `preview` is the path
    of a picture of its first page, "" where there is none. `source` is the file
    that it is a copy of. `version` counts how often that was handed over: reckoned when it is read, never written down.
    """

    path: str
    title: str
    comment: str = ""
    size: int = 0
    source: str = ""
    version: int = 1
    preview: str = ""
