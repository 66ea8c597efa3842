"""The values that formulas had before an edit: where they may not hold any more they go, as not every reader reckons.

Excel reckons a file anew where it is told to; LibreOffice, previews and readers show what stands there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from bot.documents.formula_tree import Call, Reference, parsed, within
from bot.documents.formulas import address
from bot.documents.workbook.grid import MAIN, Grid, holds

Place = tuple[str, int, int]
"""Sheet (in small letters), row and column."""

_ANYWHERE: Final = frozenset(("OFFSET", "INDIRECT", "CELL", "INFO"))
_FEW: Final = 64


@dataclass
class Readers:
    """Which formulas read a cell: those of a few cells by cell, those of many by area, and those nobody can tell of."""

    of_cells: dict[Place, list[Place]] = field(default_factory=lambda: defaultdict(list))
    of_areas: list[tuple[str, Reference, Place]] = field(default_factory=list)
    of_anything: list[Place] = field(default_factory=list)

    def add(self, reader: Place, formula: str | None) -> None:
        areas = _areas(formula)
        if areas is None:
            self.of_anything.append(reader)
            return
        for area in areas:
            sheet = area.sheet.casefold() or reader[0]
            if (area.bottom - area.top + 1) * (area.right - area.left + 1) > _FEW:
                self.of_areas.append((sheet, area, reader))
                continue
            for row in range(area.top, area.bottom + 1):
                for column in range(area.left, area.right + 1):
                    self.of_cells[sheet, row, column].append(reader)

    def of(self, place: Place) -> Iterator[Place]:
        yield from self.of_cells.get(place, ())
        sheet, row, column = place
        for there, area, reader in self.of_areas:
            if there == sheet and holds(area, row, column):
                yield reader


def forget(grids: Iterable[Grid], changed: set[Place]) -> int:
    """How many values went: of all formulas that read a changed cell, or one that does."""
    held: dict[Place, Any] = {}
    readers = Readers()
    for grid in grids:
        for row, column, cell, formula in formulas_of(grid):
            place = (grid.name.casefold(), row, column)
            held[place] = cell
            readers.add(place, formula)
    gone: set[Place] = set()
    ahead = [*changed, *readers.of_anything]
    while ahead:
        place = ahead.pop()
        if place in gone:
            continue
        gone.add(place)
        ahead += [one for one in readers.of(place) if one not in gone]
    return sum(_forgotten(held[place]) for place in gone if place in held)


def formulas_of(grid: Grid) -> Iterator[tuple[int, int, Any, str | None]]:
    """Each cell with a formula, and its words; None where it is one for several cells."""
    shared: dict[str, tuple[str, str]] = {}
    for row, column, cell in grid.cells():
        formula = cell.find(f"{MAIN}f")
        if formula is None:
            continue
        text, here = formula.text, address(row, column)
        if formula.get("t") == "shared":
            if text:
                shared[formula.get("si")] = (text, here)
            elif formula.get("si") in shared:
                text = _moved(*shared[formula.get("si")], here)
        yield row, column, cell, None if formula.get("t") in ("array", "dataTable") else text


def _moved(formula: str, origin: str, here: str) -> str:
    from openpyxl.formula.translate import Translator

    return str(Translator(f"={formula}", origin).translate_formula(here)).removeprefix("=")


def _areas(formula: str | None) -> list[Reference] | None:
    """What it reads; None where that cannot be told: names, tables, cells reckoned on the way."""
    try:
        nodes = list(within(parsed(formula or "")))
    except ValueError:
        return None
    if any(isinstance(one, Call) and one.name in _ANYWHERE for one in nodes):
        return None
    return [one for one in nodes if isinstance(one, Reference)]


def _forgotten(cell: Any) -> bool:
    value = cell.find(f"{MAIN}v")
    cell.attrib.pop("t", None)
    if value is None:
        return False
    cell.remove(value)
    return True
