"""The values that formulas had before an edit: where they may not hold any more they are reckoned anew, or go.

Excel reckons a file anew where it is told to; LibreOffice, previews and readers show what stands there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.documents.formula_tree import Call, Reference, parsed, within
from bot.documents.formulas import address
from bot.documents.package import Package
from bot.documents.reckoning.reckoner import Place
from bot.documents.workbook import standing
from bot.documents.workbook.grid import MAIN, Grid, holds
from bot.documents.workbook.reckoned import answers, show

_ANYWHERE: Final = frozenset(("OFFSET", "INDIRECT", "CELL", "INFO"))
_FEW: Final = 64
_MOST_CELLS: Final = 200_000


@dataclass
class Readers:
    """Which formulas read a cell: those of a few cells by cell, those of many by area, and those nobody can tell of."""

    of_cells: dict[Place, list[Place]] = field(default_factory=lambda: defaultdict(list))
    of_areas: list[tuple[str, Reference, Place]] = field(default_factory=list)
    of_anything: list[Place] = field(default_factory=list)

    def add(self, reader: Place, formula: str | None) -> None:
        read = areas(formula)
        if read is None:
            self.of_anything.append(reader)
            return
        for area in read:
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


def renew(grids: Sequence[Grid], package: Package, changed: set[Place]) -> list[str]:
    """Of all formulas that read a changed cell, or one that does. Tells which read themselves, by the
    numbers of their sheets: the names are words of whoever wrote the file."""
    held: dict[Place, Any] = {}
    formulas: dict[Place, str | None] = {}
    readers = Readers()
    for grid in grids:
        for row, column, cell, formula in formulas_of(grid):
            place = (grid.name.casefold(), row, column)
            held[place], formulas[place] = cell, formula
            readers.add(place, formula)
    gone = {place for place in _reached(changed, readers) if place in held}
    for place in gone:
        _forget(held[place])
    if sum(len(grid) for grid in grids) > _MOST_CELLS:
        return []
    if not gone:
        return []
    found, circles = answers(standing.reckoner(grids, package, formulas, gone), sorted(gone))
    for place, value in found.items():
        show(held[place], value)
    numbers = {grid.name.casefold(): number for number, grid in enumerate(grids, 1)}
    return [f"{address(row, column)} of sheet {numbers[sheet]}" for sheet, row, column in circles]


def _reached(changed: set[Place], readers: Readers) -> set[Place]:
    reached: set[Place] = set()
    ahead = [*changed, *readers.of_anything]
    while ahead:
        place = ahead.pop()
        if place not in reached:
            reached.add(place)
            ahead += readers.of(place)
    return reached


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


def areas(formula: str | None) -> list[Reference] | None:
    """What it reads; None where that cannot be told: names, tables, cells reckoned on the way."""
    try:
        nodes = list(within(parsed(formula or "")))
    except ValueError:
        return None
    if any(isinstance(one, Call) and one.name in _ANYWHERE for one in nodes):
        return None
    return [one for one in nodes if isinstance(one, Reference)]


def _forget(cell: Any) -> None:
    cell.attrib.pop("t", None)
    for value in cell.findall(f"{MAIN}v"):
        cell.remove(value)
