"""The cells of a sheet that exists, by row and column: each keeps its look, whatever is put into it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, Final

from lxml import etree

from bot.documents.formula_tree import Reference, reference
from bot.documents.formulas import address
from bot.errors import ToolError

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_WHOLE: Final = ("array", "dataTable")
_LAST: Final = 1_048_576
_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9]\d*)")

Put = str | int | float | bool | date | datetime | None


class Grid:
    """Of one sheet's part. Rows and columns are counted from 1."""

    def __init__(self, name: str, root: Any) -> None:
        self.name = name
        self.root = root
        self._data = root.find(f"{MAIN}sheetData")
        if self._data is None:
            raise ToolError(f"The sheet {name!r} holds no cells, only a chart. Nothing was changed.")
        self._rows = dict(_numbered(self._data))
        self._numbers = sorted(self._rows)
        self._cells = {number: dict(_placed(row, number)) for number, row in self._rows.items()}

    def cell(self, row: int, column: int) -> Any | None:
        return self._cells.get(row, {}).get(column)

    def cells(self) -> Iterator[tuple[int, int, Any]]:
        for row in self._numbers:
            for column, cell in self._cells[row].items():
                yield row, column, cell

    @cached_property
    def common(self) -> list[Reference]:
        """The areas that one formula is for as a whole, before any edit."""
        formulas = (cell.find(f"{MAIN}f") for _, _, cell in self.cells())
        areas = [reference(one.get("ref")) for one in formulas if one is not None and one.get("t") in _WHOLE]
        return [area for area in areas if not area.is_one]

    def __len__(self) -> int:
        return sum(map(len, self._cells.values()))

    def last_row(self) -> int:
        """The last in which something stands; 0 where nothing does."""
        return max((row for row, _, cell in self.cells() if len(cell)), default=0)

    def made(self, row: int, column: int) -> Any:
        """The cell, new where there was none: then it looks as its row or column does."""
        found = self.cell(row, column)
        if found is not None:
            return found
        line = self._row(row)
        cells = self._cells[row]
        cell = etree.Element(f"{MAIN}c", r=address(row, column))
        if look := self._usual_look(line, column):
            cell.set("s", look)
        before = sum(1 for one in cells if one < column)
        line.insert(before, cell)
        line.attrib.pop("spans", None)
        cells[column] = cell
        return cell

    def row(self, number: int) -> Any | None:
        return self._rows.get(number)

    def columns(self, row: int) -> list[int]:
        return sorted(self._cells.get(row, {}))

    def measured(self) -> None:
        """What the sheet says of its own extent is made true again."""
        dimension = self.root.find(f"{MAIN}dimension")
        filled = [(row, column) for row, column, _ in self.cells()]
        if dimension is None or not filled:
            return
        rows, columns = [row for row, _ in filled], [column for _, column in filled]
        dimension.set("ref", f"{address(min(rows), min(columns))}:{address(max(rows), max(columns))}")

    def ranges(self, path: str) -> Iterator[Reference]:
        """The cells that parts of the sheet are about, as its merged cells are."""
        for one in self.root.iterfind(path):
            for ref in one.get("ref", one.get("sqref", "")).split():
                yield reference(ref)

    def _row(self, number: int) -> Any:
        if number in self._rows:
            return self._rows[number]
        row = etree.Element(f"{MAIN}row", r=str(number))
        place = bisect_left(self._numbers, number)
        self._data.insert(place, row)
        self._numbers.insert(place, number)
        self._rows[number], self._cells[number] = row, {}
        return row

    def _usual_look(self, row: Any, column: int) -> str:
        if row.get("customFormat") in ("1", "true"):
            return str(row.get("s", ""))
        for one in self.root.iterfind(f"{MAIN}cols/{MAIN}col"):
            if int(one.get("min")) <= column <= int(one.get("max")):
                return str(one.get("style", ""))
        return ""


def put(cell: Any, value: Put, *, is_formula: bool = False, days: Any = None) -> None:
    """Puts a value where another stood, and keeps the look. `days` makes a number of a day."""
    for child in list(cell):
        cell.remove(child)
    for gone in ("t", "cm", "vm"):
        cell.attrib.pop(gone, None)
    match value:
        case None:
            return
        case str() if is_formula:
            etree.SubElement(cell, f"{MAIN}f").text = value
        case str():
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t")
            text.text = value
            text.set(_SPACE, "preserve")
        case bool():
            cell.set("t", "b")
            etree.SubElement(cell, f"{MAIN}v").text = str(int(value))
        case date():
            etree.SubElement(cell, f"{MAIN}v").text = repr(days(value))
        case _:
            etree.SubElement(cell, f"{MAIN}v").text = repr(value)


def spot(text: str) -> tuple[int, int]:
    """Row and column of "B7". Raises `ToolError` where it is no cell."""
    try:
        found = reference(text)
    except ValueError:
        found = None
    if found is None or not found.is_one or found.sheet:
        raise ToolError(f"{text!r} is no cell; name it as B7. Nothing was changed.")
    return found.top, found.left


def holds(area: Reference, row: int, column: int) -> bool:
    return area.top <= row <= area.bottom and area.left <= column <= area.right


def _numbered(data: Any) -> Iterator[tuple[int, Any]]:
    """Where a row does not say its number, it follows the one before."""
    number = 0
    for row in data.iterfind(f"{MAIN}row"):
        number = int(row.get("r", number + 1))
        row.set("r", str(number))
        if number > _LAST:
            raise ToolError(
                "The file is broken: a sheet has more rows than there can be. Nothing was changed."
            )
        yield number, row


def _placed(row: Any, number: int) -> Iterator[tuple[int, Any]]:
    column = 0
    for cell in row.iterfind(f"{MAIN}c"):
        given = _ADDRESS.fullmatch(cell.get("r", ""))
        column = _column(given[1]) if given else column + 1
        if given is None or int(given[2]) != number:
            cell.set("r", address(number, column))
        yield column, cell


@cache
def _column(letters: str) -> int:
    return spot(f"{letters}1")[1]
