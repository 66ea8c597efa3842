"""What differs between two texts, line by line, as people are used to read it."""

from __future__ import annotations

import difflib

_MOST_LINES = 40
_LONGEST_LINE = 200


def rows(was: str, now: str) -> list[str]:
    """Every line that was taken out ("-") or came in ("+"), with one beside it; none where only line ends differ."""
    return list(difflib.unified_diff(was.splitlines(), now.splitlines(), lineterm="", n=1))[2:]


def shown(found: list[str]) -> list[str]:
    """As much of it as a card holds."""
    cut = [row[:_LONGEST_LINE] for row in found[:_MOST_LINES]]
    more = len(found) - _MOST_LINES
    return [*cut, f"… {more:,} more lines"] if more > 0 else cut
