"""Formulas that several cells have in common: one cell is set by itself, and the others keep theirs."""

from __future__ import annotations

from typing import Any

from bot.documents.formulas import address
from bot.documents.workbook.grid import MAIN, Grid, holds
from bot.errors import ToolError


def parted(grid: Grid, row: int, column: int) -> None:
    """Before a cell is set. Raises `ToolError` where it cannot be without the others."""
    for area in grid.common:
        if holds(area, row, column):
            whole = f"{address(area.top, area.left)}:{address(area.bottom, area.right)}"
            raise ToolError(
                f"{grid.name}!{address(row, column)} is part of a formula for {whole} as a whole. "
                "Nothing was changed."
            )
    found = grid.cell(row, column)
    formula = None if found is None else found.find(f"{MAIN}f")
    if formula is not None and formula.get("t") == "shared" and formula.get("ref"):
        _each_its_own(grid, formula, address(row, column))


def _each_its_own(grid: Grid, first: Any, origin: str) -> None:
    from openpyxl.formula.translate import Translator

    said = Translator(f"={first.text}", origin)
    for row, column, cell in grid.cells():
        formula = cell.find(f"{MAIN}f")
        if formula is None or formula.get("t") != "shared" or formula.get("si") != first.get("si"):
            continue
        formula.text = said.translate_formula(address(row, column)).removeprefix("=")
        if formula is not first:
            formula.attrib.clear()
    first.attrib.clear()
