"""The text of a paragraph across its runs, and other text in place of a part of it, in the look of that part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from bot.documents.word.xml import attribute, child, name, words

_BREAKS: Final = {
    name("w:tab"): "\t",
    name("w:br"): "\n",
    name("w:cr"): "\n",
    name("w:noBreakHyphen"): "\u2011",
}
_TEXT: Final = name("w:t")
_PARAGRAPH: Final = name("w:p")
_GONE: Final = (name("w:del"), name("w:moveFrom"))
_LOOSE: Final = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "“": '"', "”": '"', "‘": "'", "’": "'", "\u2011": "-"}
)
"""What a text may have where another was asked for: what no reader tells apart."""


@dataclass(frozen=True)
class _Leaf:
    element: Any
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def text_of(paragraph: Any) -> str:
    """As it is read: what was deleted with changes tracked is not in it."""
    return "".join(leaf.text for leaf in _leaves(paragraph))


def paragraphs(root: Any) -> list[Any]:
    return list(root.iter(_PARAGRAPH))


def is_echo(paragraph: Any) -> bool:
    """Whether it only repeats what stands elsewhere: an entry of a table of contents, a picture's older form."""
    return next(paragraph.iterancestors(name("mc:Fallback")), None) is not None or attribute(
        child(paragraph, "w:pPr", "w:pStyle")
    ).lower().startswith("toc")


def found(paragraph: Any, old: str, *, is_loose: bool = False) -> list[int]:
    """Where in its text another begins; `is_loose` takes one kind of space or quote for the other."""
    text = text_of(paragraph)
    if is_loose:
        text, old = text.translate(_LOOSE), old.translate(_LOOSE)
    places, start = [], text.find(old)
    while start >= 0:
        places.append(start)
        start = text.find(old, start + len(old))
    return places


def replace(paragraph: Any, places: list[int], length: int, new: str) -> None:
    for start in reversed(places):
        _replaced(_leaves(paragraph), start, start + length, new)


def _replaced(leaves: list[_Leaf], start: int, end: int, new: str) -> None:
    is_first = True
    for leaf in leaves:
        if leaf.end <= start or leaf.start >= end:
            continue
        before = leaf.text[: max(0, start - leaf.start)]
        after = leaf.text[max(0, end - leaf.start) :] if leaf.end > end else ""
        _put(leaf.element, before + (new if is_first else "") + after)
        is_first = False


def _put(element: Any, text: str) -> None:
    run = element.getparent()
    place = run.index(element)
    run[place : place + 1] = list(words(text))


def _leaves(paragraph: Any) -> list[_Leaf]:
    leaves, start = [], 0
    for element, text in _told(paragraph):
        leaves.append(_Leaf(element, text, start))
        start += len(text)
    return leaves


def _told(within: Any) -> Iterator[tuple[Any, str]]:
    """In the order of reading; paragraphs inside it, as a text box has them, are others."""
    for element in within:
        if element.tag == _TEXT:
            yield element, element.text or ""
        elif element.tag in _BREAKS:
            if element.getparent().tag == name("w:r"):
                yield element, _BREAKS[element.tag]
        elif element.tag not in _GONE and element.tag != _PARAGRAPH:
            yield from _told(element)
