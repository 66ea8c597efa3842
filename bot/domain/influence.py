"""What others wrote that a call may come from: the line, and where it was read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Told:
    """Text that someone else could have written, as the task was given it."""

    source: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Influence:
    """`quote` is a line that others could have written, and that has something in it that an argument has too."""

    source: str
    quote: str
