"""The looks of a workbook's cells: which of them are days, and looks that differ from one there is in one thing."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from lxml import etree

from bot.documents.package import Package
from bot.documents.workbook.grid import MAIN

_FIRST_OWN: Final = 164
_BUILT_IN_DAYS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))


class Styles:
    """Nothing is written where no look is asked for that was not there."""

    def __init__(self, package: Package) -> None:
        self._part = package.linked(package.main, "styles")
        self._root: Any = package.xml(self._part) if self._part else None

    def is_day(self, look: str) -> bool:
        """Whether a number is shown as a day or a time."""
        if self._root is None:
            return False
        number = int(self._looks()[int(look or 0)].get("numFmtId", 0))
        own = {
            int(one.get("numFmtId")): one.get("formatCode", "") for one in self._root.iter(f"{MAIN}numFmt")
        }
        if number in own:
            from openpyxl.styles.numbers import is_date_format

            return bool(is_date_format(own[number]))
        return number in _BUILT_IN_DAYS

    def quoted(self, look: str) -> str:
        """The same for text that begins as a formula does."""
        return self._like(look, quotePrefix="1")

    def formatted(self, code: str, look: str = "") -> str:
        """The same with a number format."""
        return self._like(look, numFmtId=self._format(code), applyNumberFormat="1")

    def bold(self, look: str = "") -> str:
        """The same with its letters bold."""
        if self._root is None:
            return look
        fonts = self._root.find(f"{MAIN}fonts")
        font = deepcopy(fonts[int(self._looks()[int(look or 0)].get("fontId", 0))])
        if font.find(f"{MAIN}b") is None:
            font.insert(0, etree.Element(f"{MAIN}b"))
        return self._like(look, fontId=str(_place(fonts, font)), applyFont="1")

    def _looks(self) -> Any:
        return self._root.find(f"{MAIN}cellXfs")

    def _like(self, look: str, **changes: str) -> str:
        if self._root is None:
            return look
        looks = self._looks()
        made = deepcopy(looks[int(look or 0)])
        for name, value in changes.items():
            made.set(name, value)
        return str(_place(looks, made))

    def _format(self, code: str) -> str:
        from openpyxl.styles.numbers import BUILTIN_FORMATS_REVERSE

        if code in BUILTIN_FORMATS_REVERSE:
            return str(BUILTIN_FORMATS_REVERSE[code])
        formats = self._root.find(f"{MAIN}numFmts")
        if formats is None:
            formats = etree.Element(f"{MAIN}numFmts", count="0")
            self._root.insert(0, formats)
        for one in formats:
            if one.get("formatCode") == code:
                return str(one.get("numFmtId"))
        number = max([_FIRST_OWN - 1, *(int(one.get("numFmtId")) for one in formats)]) + 1
        etree.SubElement(formats, f"{MAIN}numFmt", numFmtId=str(number), formatCode=code)
        formats.set("count", str(len(formats)))
        return str(number)


def _place(among: Any, one: Any) -> int:
    """Of a part of the styles among its like: where it was already, or as the last."""
    wanted = etree.tostring(one, method="c14n", with_tail=False)
    for number, there in enumerate(among):
        if etree.tostring(there, method="c14n", with_tail=False) == wanted:
            return number
    one.tail = None
    among.append(one)
    among.set("count", str(len(among)))
    return len(among) - 1
