"""What the formulas of a new workbook come to, filed beside them: readers and previews show it as it stands."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from lxml import etree

from bot.documents.formula_tree import Node, parsed
from bot.documents.formulas import address
from bot.documents.package import written
from bot.documents.reckoning.reckoner import Circle, Place, Reckoner
from bot.documents.reckoning.values import NotReckoned, Problem, Value
from bot.documents.workbook.grid import MAIN
from bot.errors import ToolError

_MOST_CELLS: Final = 200_000


def reckoned(workbook: Any) -> dict[Place, Value]:
    """Of its formulas those that can be. Raises `ToolError` where a cell reads itself."""
    if sum(sheet.max_row * sheet.max_column for sheet in workbook) > _MOST_CELLS:
        return {}
    values: dict[Place, Value] = {}
    formulas: dict[Place, Node | None] = {}
    for place, cell in _cells(workbook):
        if cell.data_type == "f":
            formulas[place] = parsed(cell.value.removeprefix("="))
        elif cell.value not in (None, ""):
            values[place] = _number(cell.value) if isinstance(cell.value, date) else cell.value
    found, circles = answers(Reckoner(values, formulas), formulas)
    for sheet, row, column in circles:
        raise ToolError(
            f"The formula of {sheet}!{address(row, column)} reads itself, by way of others or at once. "
            "Nothing was made; mend it."
        )
    return found


def answers(reckoner: Reckoner, places: Iterable[Place]) -> tuple[dict[Place, Value], list[Place]]:
    """Of these cells those that can be reckoned, and those that read themselves."""
    found: dict[Place, Value] = {}
    circles: list[Place] = []
    for place in places:
        try:
            found[place] = reckoner.value(place)
        except NotReckoned:
            continue
        except Circle as circle:
            circles.append(circle.place)
    return found, circles


def filed(file: bytes, names: list[str], values: Mapping[Place, Value]) -> dict[str, bytes]:
    """The sheets' parts with the values in them, by the parts' names."""
    parts = {name.casefold(): f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(names, 1)}
    changed: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        for sheet in {sheet for sheet, _, _ in values}:
            root = etree.fromstring(package.read(parts[sheet]))
            here = {
                address(row, column): value
                for (there, row, column), value in values.items()
                if there == sheet
            }
            for cell in root.iter(f"{MAIN}c"):
                if cell.get("r") in here:
                    show(cell, here[cell.get("r")])
            changed[parts[sheet]] = written(root)
    return changed


def show(cell: Any, value: Value) -> None:
    """A value beside the formula of a cell."""
    shown = cell.find(f"{MAIN}v")
    if shown is None:
        shown = etree.SubElement(cell, f"{MAIN}v")
    cell.attrib.pop("t", None)
    match value:
        case bool():
            cell.set("t", "b")
            shown.text = str(int(value))
        case str():
            cell.set("t", "str")
            shown.text = value
        case Problem(code):
            cell.set("t", "e")
            shown.text = code
        case _:
            shown.text = repr(value)


def _cells(workbook: Any) -> Iterator[tuple[Place, Any]]:
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                yield (sheet.title.casefold(), cell.row, cell.column), cell


def _number(day: date) -> float | int:
    from openpyxl.utils.datetime import to_excel

    number: float | int = to_excel(day)
    return number
