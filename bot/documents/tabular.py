"""A table's cells as every document shows them: as words, the numbers to the right."""

from __future__ import annotations

from bot.documents.content import Cell, Table


def shown(table: Table) -> list[list[str]]:
    """Every row as wide as the head."""
    width = len(table.columns)
    return [[_cell(value) for value in row[:width]] + [""] * (width - len(row)) for row in table.rows]


def is_numeric(table: Table) -> list[bool]:
    """Of each column, whether all that stands in it are numbers."""
    return [_are_numbers(table, place) for place in range(len(table.columns))]


def _are_numbers(table: Table, place: int) -> bool:
    filled = [row[place] for row in table.rows if place < len(row) and row[place] not in (None, "")]
    return bool(filled) and all(isinstance(one, int | float) and not isinstance(one, bool) for one in filled)


def _cell(value: Cell) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
