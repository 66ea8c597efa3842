"""Which characters no font of this machine has: they are said, rather than shown as boxes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel

_COMMON = 0x0250
"""Latin with all its marks: every font has it."""
_INVISIBLE = ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn")
_MOST_NAMED = 10


def missing(content: BaseModel) -> str:
    """In words for people, with what to install; "" where nothing is missing."""
    rare = {one for text in _texts(content.model_dump()) for one in text if ord(one) >= _COMMON}
    rare = {one for one in rare if unicodedata.category(one) not in _INVISIBLE}
    lost = sorted(rare - _covered()) if rare else []
    if not lost:
        return ""
    named = " ".join(lost[:_MOST_NAMED])
    return (
        f"{len(lost)} characters have no font on this machine and show as boxes or not at all: {named}"
        f"{' …' if len(lost) > _MOST_NAMED else ''}. The operator can install fonts: on Debian fonts-noto-core, "
        "fonts-noto-cjk (Chinese, Japanese, Korean) and fonts-noto-color-emoji."
    )


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from _texts(one)
        case list():
            for one in value:
                yield from _texts(one)


@cache
def _covered() -> frozenset[str]:
    """By the fonts of this machine, and those that the libraries bring."""
    from fontTools.ttLib import TTFont, TTLibError
    from matplotlib import font_manager

    found: set[int] = set()
    paths = [*font_manager.findSystemFonts(), font_manager.findfont("DejaVu Sans")]
    for path in paths:
        try:
            with TTFont(path, lazy=True, fontNumber=0) as font:
                found |= set(font.getBestCmap() or ())
        except (TTLibError, OSError, ValueError):
            continue
    return frozenset(map(chr, found))
