"""Text of others as it may be shown: composed, without characters that nobody sees or that turn its order about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

_MOST_MARKS = 30
"""Upon one letter, as in Unicode's stream-safe text: composing endless ones would take time without end."""

_BLANK = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2065, 0x2065),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0xE0000, 0xE0FFF),
)
"""Drawn as nothing at all, though not all of them are of the categories that say so."""

_LAST = 0x20000
"""Behind it nothing is unseen or a mark but what is in `_BLANK`."""


def cleaned(text: str) -> str:
    """Without control, bidirectional, zero-width and tag characters; lines end as lines do here."""
    ended = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    if ended.isascii() and ended.isprintable():
        return ended
    composed = unicodedata.normalize("NFC", _marks().sub(r"\1", _unseen().sub("", ended)))
    return _marks().sub(r"\1", composed)  # some marks are composed of several


def cleaned_in(value: Any) -> Any:
    """Every text in a plain value, as JSON has them; names, too."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, Mapping):
        return {cleaned(str(name)): cleaned_in(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [cleaned_in(one) for one in value]
    return value


@cache
def _unseen() -> re.Pattern[str]:
    hidden = (
        point
        for point in range(_LAST)
        if chr(point) not in "\n\t" and unicodedata.category(chr(point)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    return re.compile(f"[{_ranges((*_runs(hidden), *_BLANK))}]+")


@cache
def _marks() -> re.Pattern[str]:
    marks = (point for point in range(_LAST) if unicodedata.combining(chr(point)))
    one = f"[{_ranges(_runs(marks))}]"
    return re.compile(f"({one}{{{_MOST_MARKS}}}){one}+")


def _runs(points: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = -2
    for point in points:
        if point != last + 1:
            if first >= 0:
                yield first, last
            first = point
        last = point
    if first >= 0:
        yield first, last


def _ranges(runs: Iterable[tuple[int, int]]) -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in runs)
