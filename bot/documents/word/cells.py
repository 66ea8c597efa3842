"""The cells of the tables of a Word file: other words in the look that the cell has."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Final

from bot.documents.word.xml import add_looks, child, made, name
from bot.errors import ToolError

_INSIDE: Final = (name("w:tbl"), name("w:txbxContent"))


def row_of(body: Any, table: int, row: int) -> Any:
    """Counted from 1, in the order of the text; tables in tables are not counted."""
    tables = [one for one in body.iter(name("w:tbl")) if next(one.iterancestors(*_INSIDE), None) is None]
    return _nth(_own(_nth(tables, table, "table"), "w:tr"), row, "row", f" in table {table}")


def cells_of(row: Any) -> list[Any]:
    return _own(row, "w:tc")


def cell_of(row: Any, column: int) -> Any:
    return _nth(cells_of(row), column, "cell", " in that row")


def say(cell: Any, runs: Sequence[Any]) -> None:
    """In its first paragraph, as that and its first letter look; what else was in it goes."""
    paragraph = next(cell.iter(name("w:p")), None)
    first = next(cell.iter(name("w:r")), None)
    look = deepcopy(child(paragraph, "w:pPr"))
    looks = list(deepcopy(child(first, "w:rPr"))) if child(first, "w:rPr") is not None else []
    for run in [one for part in runs for one in part.iter(name("w:r"))]:
        add_looks(run, deepcopy(looks))
    for one in [one for one in cell if one.tag != name("w:tcPr")]:
        cell.remove(one)
    cell.append(made("w:p", look, *runs))


def like(row: Any) -> Any:
    """A new row below it, with its look; it is no head."""
    new = deepcopy(row)
    for mark in list(new.iter(name("w:tblHeader"))):
        mark.getparent().remove(mark)
    row.addnext(new)
    return new


def _own(element: Any, tag: str) -> list[Any]:
    """Of this row or table, and not of one within."""
    kind = name("w:tbl")
    table = element if element.tag == kind else next(element.iterancestors(kind))
    return [one for one in element.iter(name(tag)) if next(one.iterancestors(kind)) is table]


def _nth(found: list[Any], number: int, what: str, where: str = "") -> Any:
    if number > len(found):
        raise ToolError(f"There is no {what} {number}{where}: there are {len(found)}. Nothing was changed.")
    return found[number - 1]
