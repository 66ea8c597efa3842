"""The text of a slide's paragraphs in their XML: found across runs, and changed in the look that is there."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any, Final

from lxml import etree

from bot.documents.decks.fitting import Point
from bot.documents.decks.writing import MONO, legible
from bot.documents.markdown import Run

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_LOOSE: Final = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "“": '"', "”": '"', "‘": "'", "’": "'", "\u2011": "-"}
)
"""What no reader tells apart."""


def paragraphs(root: Any) -> list[Any]:
    return list(root.iter(f"{_A}p"))


def body(shape: Any) -> Any:
    """Where its paragraphs are, None where it has no text."""
    return shape.find(f"{_P}txBody")


def text_of(paragraph: Any) -> str:
    return "".join(text for _, text in _leaves(paragraph))


def level(paragraph: Any) -> int:
    """From 0."""
    properties = paragraph.find(f"{_A}pPr")
    return int(properties.get("lvl", 0)) if properties is not None else 0


def found(paragraph: Any, old: str, *, is_loose: bool) -> list[int]:
    """Where in its text another begins; `is_loose` takes one kind of space or quote for the other."""
    text = text_of(paragraph)
    if is_loose:
        text, old = text.translate(_LOOSE), old.translate(_LOOSE)
    places, start = [], text.find(old)
    while start >= 0:
        places.append(start)
        start = text.find(old, start + len(old))
    return places


def replace(paragraph: Any, places: Sequence[int], length: int, new: str) -> None:
    """The new text stands in the run in which the old one began."""
    for start in reversed(places):
        _replaced(paragraph, start, start + length, legible(new))


def set_line(text_body: Any, text: str) -> None:
    """One paragraph, as its first is now."""
    first = next(text_body.iterfind(f"{_A}p"))
    for other in list(text_body.iterfind(f"{_A}p"))[1:]:
        text_body.remove(other)
    look = _look(first)
    _emptied(first)
    _add(first, [Run(text=" ".join(legible(text).split()))], look)


def set_points(text_body: Any, points: Sequence[Point]) -> None:
    """In the looks of the paragraphs there are: each as the first of its level, else as the first of all."""
    old = list(text_body.iterfind(f"{_A}p"))
    looks: dict[int, Any] = {}
    for one in old:
        looks.setdefault(level(one), one)
    for one in old:
        text_body.remove(one)
    for point in points:
        like = looks.get(point.level)
        made = copy.deepcopy(like if like is not None else old[0])
        look = _look(made)
        _emptied(made)
        if like is None:
            _levelled(made, point.level)
        _add(made, point.runs, look)
        text_body.append(made)


def _leaves(paragraph: Any) -> Iterator[tuple[Any, str]]:
    for one in paragraph:
        if one.tag in (f"{_A}r", f"{_A}fld"):
            text = one.find(f"{_A}t")
            if text is not None:
                yield text, text.text or ""
        elif one.tag == f"{_A}br":
            yield one, "\n"


def _replaced(paragraph: Any, start: int, end: int, new: str) -> None:
    place, is_first = 0, True
    for leaf, text in list(_leaves(paragraph)):
        here, place = place, place + len(text)
        if place <= start or here >= end:
            continue
        kept = text[: max(0, start - here)], text[max(0, end - here) :]
        if leaf.tag == f"{_A}br":
            paragraph.remove(leaf)
            continue
        leaf.text = kept[0] + (new if is_first else "") + kept[1]
        is_first = False


def _levelled(paragraph: Any, level: int) -> None:
    """Without what was said for another level, so that it looks as the layout has it."""
    properties = paragraph.find(f"{_A}pPr")
    if properties is None:
        properties = etree.Element(f"{_A}pPr")
        paragraph.insert(0, properties)
    for name in ("marL", "indent"):
        properties.attrib.pop(name, None)
    if level:
        properties.set("lvl", str(level))
    else:
        properties.attrib.pop("lvl", None)


def _look(paragraph: Any) -> Any:
    """Of its first run; of its end where it has none."""
    run = paragraph.find(f"{_A}r/{_A}rPr")
    if run is None:
        run = paragraph.find(f"{_A}endParaRPr")
    made = etree.Element(f"{_A}rPr")
    if run is not None:
        made.attrib.update(run.attrib)
        made.extend(copy.deepcopy(one) for one in run if not one.tag.startswith(f"{_A}hlink"))
    return made


def _emptied(paragraph: Any) -> None:
    for one in list(paragraph):
        if one.tag != f"{_A}pPr":
            paragraph.remove(one)


def _add(paragraph: Any, runs: Sequence[Run], look: Any) -> None:
    """Emphasis of its own is added to the look; what was emphasised of the old text is not that of the new."""
    for run in runs:
        made = etree.SubElement(paragraph, f"{_A}r")
        properties = copy.deepcopy(look)
        for name, is_on in (("b", run.is_bold), ("i", run.is_italic)):
            if is_on:
                properties.set(name, "1")
        if run.is_struck:
            properties.set("strike", "sngStrike")
        if run.is_code:
            for one in properties.findall(f"{_A}latin"):
                properties.remove(one)
            etree.SubElement(properties, f"{_A}latin", typeface=MONO)
        made.append(properties)
        etree.SubElement(made, f"{_A}t").text = run.text.replace("\n", " ")
