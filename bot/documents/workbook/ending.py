"""What ends with the last row of a sheet: rows that are put below it are not in it, unless it grows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from bot.documents.formula_tree import Reference, reference
from bot.documents.formulas import address
from bot.documents.workbook import stale
from bot.documents.workbook.book import Book
from bot.documents.workbook.grid import MAIN, Grid

_RULES = (f"{MAIN}conditionalFormatting", f"{MAIN}dataValidations/{MAIN}dataValidation")
_PRINTED = "_xlnm.Print_Area"


def told(book: Book, sheet: Grid, last: int) -> str:
    """In words for whoever adds rows; "" where nothing does."""
    counted = Counter(_readers(book, sheet, last))
    named = [f"{number} {kind}" + ("s" if number > 1 else "") for kind, number in counted.items()]
    if not named:
        return ""
    verb = "ends" if counted.total() == 1 else "end"
    return f"; {', '.join(named)} {verb} with row {last} and would not take in what is below: mend them if they are to"


def lengthen_rules(sheet: Grid, last: int, count: int) -> None:
    """How cells look and what may be put into them goes on in the new rows."""
    for path in _RULES:
        for rule in sheet.root.iterfind(path):
            areas = [_longer(one, last, count) for one in (rule.get("sqref") or "").split()]
            rule.set("sqref", " ".join(areas))


def _longer(written: str, last: int, count: int) -> str:
    area = reference(written)
    if area.bottom != last or area.top == last:
        return written
    return f"{address(area.top, area.left)}:{address(last + count, area.right)}"


def _readers(book: Book, sheet: Grid, last: int) -> Iterator[str]:
    for grid in book.grids():
        for *_, formula in stale.formulas_of(grid):
            if _ends(formula, grid.name, sheet, last):
                yield "formula"
    for part in book.package:
        if part.startswith("xl/charts/chart") and _is_drawn_of(book.package.xml(part), sheet, last):
            yield "chart"
    for name in book.root.iterfind(f"{MAIN}definedNames/{MAIN}definedName"):
        if _ends(name.text, "", sheet, last):
            yield "print area" if name.get("name") == _PRINTED else "named range"


def _is_drawn_of(chart: Any, sheet: Grid, last: int) -> bool:
    formulas = (one.text for one in chart.iter() if _is_formula(one))
    return any(_ends(one, "", sheet, last) for one in formulas)


def _is_formula(one: Any) -> bool:
    return isinstance(one.tag, str) and etree.QName(one).localname == "f"


def _ends(formula: str | None, here: str, sheet: Grid, last: int) -> bool:
    return any(_is_up_to(area, here, sheet, last) for area in stale.areas(formula) or ())


def _is_up_to(area: Reference, here: str, sheet: Grid, last: int) -> bool:
    is_there = (area.sheet or here).casefold() == sheet.name.casefold()
    return is_there and area.bottom == last and area.top < last
