"""A table's cells as every document shows them: as words, the numbers to the right."""

from __future__ import annotations

import re

from bot.documents.content import Cell, Table

_FIGURE = re.compile(r"(?:about |[≈~] ?)?[-−+]?(?:[1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?(?:\s?%)?")
"""A text that is read as a number; one that begins with a zero names something."""


_WRITTEN = re.compile(r"[^\w\s]{0,2}[A-Z$€£¥]{0,3}\d[\d.,:’'/−–-]*[^\w\s]{0,2}")


def shown(table: Table) -> list[list[str]]:
    """Every row as wide as the head."""
    width = len(table.columns)
    return [[_cell(value) for value in row[:width]] + [""] * (width - len(row)) for row in table.rows]


def is_numeric(table: Table) -> list[bool]:
    """Of each column, whether all that stands in it are numbers, or read as such."""
    return [_are_numbers(table, place) for place in range(len(table.columns))]


def is_figure(word: str) -> bool:
    """A number, a sum of money, a percentage, a day or an hour, as it may be written."""
    return _WRITTEN.fullmatch(word) is not None


def _are_numbers(table: Table, place: int) -> bool:
    filled = [row[place] for row in table.rows if place < len(row) and row[place] not in (None, "")]
    return bool(filled) and all(map(_is_number, filled))


def _is_number(value: Cell) -> bool:
    if isinstance(value, str):
        return _FIGURE.fullmatch(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(value: Cell) -> str:
    """Of a number, the digits that it was given with; without separators, as it may be a year or name something."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.15g}"
    return "" if value is None else str(value)
