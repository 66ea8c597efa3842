"""How much room a text takes: its characters measured with a font that is there, and generously."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from bot.documents.markdown import Run

LEADING: Final = 1.2
"""The height of a line, of its font's size."""
_GENEROUS: Final = 1.06
"""The font of whoever opens it may be a little wider than the one measured with."""
_MONO: Final = 0.62
_WIDE: Final = 1.05
_SIZE: Final = 200
_FONTS: Final = {
    False: ("LiberationSans-Regular.ttf", "Arial.ttf", "arial.ttf"),
    True: ("LiberationSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf"),
}


def widths(runs: Iterable[Run]) -> list[float]:
    """Of each character, in parts of the font's size."""
    return [_width(one, run.is_bold, run.is_code) * _GENEROUS for run in runs for one in run.text]


def lines(text: str, across: list[float], room: float) -> Iterator[int]:
    """Where each line ends (after its last character), broken at spaces where there are some."""
    start, place, taken = 0, 0, 0.0
    last_break = 0
    while place < len(text):
        one = text[place]
        if one in "\n\v":
            yield place + 1
            start = last_break = place + 1
            taken, place = 0.0, place + 1
            continue
        taken += across[place]
        if taken > room and place > start and one != " ":
            end = last_break if last_break > start else place
            yield end
            start = last_break = end
            taken = sum(across[end : place + 1])
        place += 1
        if one == " " or one == "-" or _is_wide(one):
            last_break = place
    if start < len(text) or not text:
        yield len(text)


def longest_word(text: str, across: list[float]) -> float:
    widest = taken = 0.0
    for one, width in zip(text, across, strict=True):
        taken = 0.0 if one.isspace() else width if _is_wide(one) else taken + width
        widest = max(widest, taken)
    return widest


@cache
def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


@cache
def _width(character: str, is_bold: bool, is_code: bool) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if _is_wide(character):
        return _WIDE
    if is_code:
        return _MONO
    return float(_font(is_bold).getlength(character)) / _SIZE


@cache
def _font(is_bold: bool) -> Any:
    from PIL import ImageFont

    for name in _FONTS[is_bold]:
        try:
            return ImageFont.truetype(name, _SIZE, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue
    return ImageFont.truetype(str(_brought(is_bold)), _SIZE, layout_engine=ImageFont.Layout.BASIC)


def _brought(is_bold: bool) -> Path:
    """The font that comes with matplotlib: wider than most."""
    spec = find_spec("matplotlib")
    home = Path(str(spec.origin)).parent if spec else Path()
    return home / "mpl-data" / "fonts" / "ttf" / f"DejaVuSans{'-Bold' if is_bold else ''}.ttf"
