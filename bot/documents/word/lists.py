"""Bullets and numbers that Word counts itself: each list of its own number, so that it begins anew."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from bot.documents.package import Package
from bot.documents.word.styles import Styles
from bot.documents.word.xml import attribute, child, made, name

_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
_EMPTY: Final = b'<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
_DEEPEST: Final = 8
_STEP: Final = 360
_BULLETS: Final = "•–◦"
_NUMBERS: Final = ("decimal", "lowerLetter", "lowerRoman")
_NAMES: Final = {"bullet": "List Bullet", "numbered": "List Number"}

Kind = Literal["bullet", "numbered"]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a paragraph needs to be an item: its style, and its number and level where the style has them not."""

    style: str
    number: str
    level: int

    @property
    def element(self) -> Any:
        return made("w:numPr", made("w:ilvl", val=self.level), made("w:numId", val=self.number))


class Lists:
    """Of one document. Where its own list styles have bullets or numbers for a level, they are used."""

    def __init__(self, package: Package, styles: Styles) -> None:
        self._package = package
        self._styles = styles
        self._ours: dict[Kind, str] = {}
        self._looks: dict[tuple[Kind, int], tuple[Mark, str]] = {}
        self._bullets: dict[int, Mark] = {}
        self._counts: dict[str, itertools.count[int]] = {}

    def bullet(self, level: int) -> Mark:
        level = min(level, _DEEPEST)
        if level not in self._bullets:
            look, abstract = self._look("bullet", level)
            self._bullets[level] = replace(look, number=self._numbered_as(abstract))
        return self._bullets[level]

    def numbered(self, level: int, start: int) -> Mark:
        """For all items of one list: another list is another mark."""
        look, abstract = self._look("numbered", min(level, _DEEPEST))
        return replace(look, number=self._numbered_as(abstract, look.level, start))

    def indent(self, level: int) -> int:
        """Where the text of an item begins, in twips."""
        return _STEP * (min(level, _DEEPEST) + 1)

    def _look(self, kind: Kind, level: int) -> tuple[Mark, str]:
        """With the numbering that has it."""
        if (kind, level) not in self._looks:
            self._looks[kind, level] = self._looked_up(kind, level)
        return self._looks[kind, level]

    def _looked_up(self, kind: Kind, level: int) -> tuple[Mark, str]:
        """The document's own before ours."""
        base = _NAMES[kind]
        for called, depth in ((f"{base} {level + 1}" if level else base, 0), (base, level)):
            abstract = self._abstract_of(called)
            if abstract and self._has(abstract, depth):
                return Mark(style=self._styles.id(called), number="", level=depth), abstract
        return Mark(style=self._styles.id(base), number="", level=level), self._our(kind)

    def _abstract_of(self, called: str) -> str:
        style = self._styles.element(called)
        number = attribute(child(style, "w:pPr", "w:numPr", "w:numId")) if style is not None else ""
        for one in self._root().findall(name("w:num")) if number else ():
            if attribute(one, "w:numId") == number:
                return attribute(child(one, "w:abstractNumId"))
        return ""

    def _has(self, abstract: str, level: int) -> bool:
        for one in self._root().findall(name("w:abstractNum")):
            if attribute(one, "w:abstractNumId") == abstract:
                return str(level) in {attribute(deep, "w:ilvl") for deep in one.findall(name("w:lvl"))}
        return False

    def _numbered_as(self, abstract: str, level: int = 0, start: int | None = None) -> str:
        root = self._root()
        id = self._next("w:num", "w:numId")
        number = made("w:num", made("w:abstractNumId", val=abstract), numId=id)
        if start is not None:
            number.append(made("w:lvlOverride", made("w:startOverride", val=start), ilvl=level))
        _put_after(root, "w:num", number)
        return id

    def _our(self, kind: Kind) -> str:
        if kind not in self._ours:
            root = self._root()
            id = self._next("w:abstractNum", "w:abstractNumId")
            levels = [_level(kind, one) for one in range(_DEEPEST + 1)]
            ours = made(
                "w:abstractNum", made("w:multiLevelType", val="multilevel"), *levels, abstractNumId=id
            )
            _put_after(root, "w:abstractNum", ours)
            self._ours[kind] = id
        return self._ours[kind]

    def _next(self, tag: str, id: str) -> str:
        if tag not in self._counts:
            taken = (int(attribute(one, id) or 0) for one in self._root().findall(name(tag)))
            self._counts[tag] = itertools.count(max(taken, default=0) + 1)
        return str(next(self._counts[tag]))

    def _root(self) -> Any:
        package = self._package
        part = package.linked(package.main, "numbering")
        if not part:
            part = package.free("word/numbering{}.xml")
            package.add(part, _EMPTY, _TYPE)
            package.link(package.main, "numbering", part)
        return package.xml(part)


def _level(kind: Kind, level: int) -> Any:
    turn = level % len(_BULLETS)
    form, text = ("bullet", _BULLETS[turn]) if kind == "bullet" else (_NUMBERS[turn], f"%{level + 1}.")
    return made(
        "w:lvl",
        made("w:start", val=1),
        made("w:numFmt", val=form),
        made("w:lvlText", val=text),
        made("w:lvlJc", val="left"),
        made("w:pPr", made("w:ind", left=_STEP * (level + 1), hanging=_STEP)),
        ilvl=level,
    )


def _put_after(root: Any, tag: str, element: Any) -> None:
    """Word wants all kinds of lists before all lists."""
    for before in (tag, "w:abstractNum", "w:numPicBullet"):
        last = next(root.iterchildren(name(before), reversed=True), None)
        if last is not None:
            last.addnext(element)
            return
    root.insert(0, element)
