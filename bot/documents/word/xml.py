"""WordprocessingML at its smallest: its names, a new element, and text as elements that hold every character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final

from lxml import etree

_SPACES: Final = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PIECES: Final = re.compile("[\t\n]|[^\t\n]+")


@cache
def name(short: str) -> str:
    """ "w:p" as lxml has it."""
    space, _, local = short.partition(":")
    return f"{{{_SPACES[space]}}}{local}"


def made(short: str, *children: Any, **given: object) -> Any:
    """An element with these children; `val="x"` is its w:val, other attributes are given by `attributes`."""
    element = etree.Element(
        name(short), nsmap={one: _SPACES[one] for one in ("w", "r")} if short == "w:document" else None
    )
    for key, value in given.items():
        space = "w:" if short.startswith("w:") else ""
        element.set(name(f"w:{key}") if space else key, str(value))
    element.extend(one for one in children if one is not None)
    return element


_LOOKS: Final = (
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow", "emboss",
    "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w", "kern", "position", "sz",
    "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang",
)  # fmt: skip
"""In the only order in which Word reads them."""


def add_looks(run: Any, looks: Iterable[Any]) -> None:
    """To those that the run has, which stay."""
    own = child(run, "w:rPr")
    if own is None:
        own = made("w:rPr")
        run.insert(0, own)
    held = {one.tag: one for one in looks} | {one.tag: one for one in own}
    order = {name(f"w:{local}"): place for place, local in enumerate(_LOOKS)}
    own[:] = sorted(held.values(), key=lambda one: order.get(one.tag, len(order)))


def attribute(element: Any, short: str = "w:val") -> str:
    """ "" where there is none, or no element."""
    return "" if element is None else str(element.get(name(short), ""))


def child(element: Any, *path: str) -> Any:
    """The first on this path, or None."""
    for one in path:
        element = None if element is None else element.find(name(one))
    return element


def legal(text: str) -> str:
    """Without what XML cannot hold."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def words(text: str) -> Iterator[Any]:
    """The content of a run: text, tabs and line breaks."""
    for piece in _PIECES.findall(legal(text)):
        if piece == "\t":
            yield made("w:tab")
        elif piece == "\n":
            yield made("w:br")
        else:
            element = made("w:t")
            element.text = piece
            element.set(name("xml:space"), "preserve")
            yield element


def turned(content: Sequence[Any]) -> bool:
    """Whether these runs are read from right to left, by their first letter; then each is told so."""
    text = "".join(one.text or "" for run in content for one in run.iter(name("w:t")))
    ways = (way for way in map(unicodedata.bidirectional, text) if way in ("L", "R", "AL"))
    if next(ways, "L") == "L":
        return False
    for run in [one for part in content for one in part.iter(name("w:r"))]:
        add_looks(run, [made("w:rtl")])
    return True
