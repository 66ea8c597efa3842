"""The headings of a Word document, and what belongs to each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Final

from bot.documents.package import Package
from bot.documents.word.text import text_of
from bot.documents.word.xml import attribute, child, made, name
from bot.errors import ToolError

_DEEPEST: Final = 9
_PAIRS: Final = {
    name(f"w:{kind}Start"): name(f"w:{kind}End")
    for kind in ("bookmark", "commentRange", "moveFromRange", "moveToRange", "perm")
}
_DEPTHS: Final = {"begin": 1, "end": -1}
_STARTS: Final = {end: start for start, end in _PAIRS.items()}


class Outline:
    """Of a document as it is now: to be asked anew after each change."""

    def __init__(self, package: Package) -> None:
        self._levels = _levels(package)
        self._body = child(package.xml(package.main), "w:body")

    def level(self, paragraph: Any) -> int:
        """1 to 9, 0 for what is no heading."""
        own = child(paragraph, "w:pPr", "w:outlineLvl")
        if own is not None:
            return (int(attribute(own) or _DEEPEST) + 1) % (_DEEPEST + 1)
        return self._levels.get(attribute(child(paragraph, "w:pPr", "w:pStyle")), 0)

    def heading(self, text: str) -> Any:
        """The one heading with this text. Raises `ToolError` for none, or more than one."""
        found = [one for one in self._flow() if self.level(one) and _same(text_of(one), text)]
        return _only(found, f"The heading {text!r}")

    def paragraph(self, text: str) -> Any:
        """The one heading with this text, or the one paragraph."""
        found = [one for one in self._flow() if _same(text_of(one), text)]
        headings = [one for one in found if self.level(one)]
        return _only(headings or found, f"The paragraph {text!r}")

    def below(self, heading: Any) -> list[Any]:
        """All that belongs to a heading, up to the next of its level or above."""
        held = []
        for one in heading.itersiblings():
            if one.tag == name("w:sectPr") or 0 < self.level(one) <= self.level(heading):
                break
            held.append(one)
        return held

    def _flow(self) -> Iterator[Any]:
        """The paragraphs of the text itself, those in content controls included."""
        for one in self._body.iter(name("w:p")):
            if one.getparent().tag in (name("w:body"), name("w:sdtContent")):
                yield one


def removed(elements: list[Any]) -> None:
    """Take them out; what also belongs to others stays: the end of a page's section, one end of a bookmark.

    Raises `ToolError` where that would cut a field in two: what is behind it would be taken for its code.
    """
    _refuse_half_a_field(elements)
    kept = set(_unpaired(elements))
    for element in elements:
        place = element.getparent()
        stays = [one for one in element.iter(*_PAIRS, *_STARTS) if one in kept]
        section = child(element, "w:pPr", "w:sectPr")
        if section is not None:
            stays.append(made("w:p", made("w:pPr", section)))
        at = place.index(element)
        place[at : at + 1] = stays


def _refuse_half_a_field(elements: list[Any]) -> None:
    marks = (mark for element in elements for mark in element.iter(name("w:fldChar")))
    depths = list(accumulate(_DEPTHS.get(attribute(mark, "w:fldCharType"), 0) for mark in marks))
    if depths and (depths[-1] != 0 or min(depths) < 0):
        raise ToolError(
            "A field (a table of contents, a reference) begins here and ends elsewhere, or the other way round; it "
            "would be cut in two. Nothing was changed. Take the sections that hold it together, or leave it out."
        )


def _unpaired(elements: list[Any]) -> Iterator[Any]:
    marks = [one for element in elements for one in element.iter(*_PAIRS, *_STARTS)]
    held = {(one.tag, attribute(one, "w:id")) for one in marks}
    for one in marks:
        partner = _PAIRS.get(one.tag) or _STARTS[one.tag]
        if (partner, attribute(one, "w:id")) not in held:
            yield one


def _levels(package: Package) -> dict[str, int]:
    """Of each style that makes headings, by its id."""
    part = package.linked(package.main, "styles")
    if not part:
        return {}
    styles = {attribute(one, "w:styleId"): one for one in package.xml(part).iter(name("w:style"))}
    return {id: level for id in styles if (level := _level(styles, id))}


def _level(styles: dict[str, Any], id: str) -> int:
    seen: set[str] = set()
    while id in styles and id not in seen:
        seen.add(id)
        own = child(styles[id], "w:pPr", "w:outlineLvl")
        if own is not None:
            return (int(attribute(own) or _DEEPEST) + 1) % (_DEEPEST + 1)
        called = attribute(child(styles[id], "w:name")).lower()
        if called.startswith("heading ") and called[8:].isdigit():
            return int(called[8:])
        id = attribute(child(styles[id], "w:basedOn"))
    return 0


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()) == " ".join(other.split())


def _only(found: list[Any], what: str) -> Any:
    if len(found) == 1:
        return found[0]
    count = "is not in the document" if not found else f"is in the document {len(found)} times"
    raise ToolError(f"{what} {count}. Nothing was changed. Read the file and give one that is there once.")
