"""The values that stand in the cells of a workbook that exists, as what reckons takes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.documents.formula_tree import Node, parsed
from bot.documents.package import Package
from bot.documents.package import parsed as tree
from bot.documents.reckoning.reckoner import Place, Reckoner
from bot.documents.reckoning.values import Problem, Value
from bot.documents.workbook.grid import MAIN, Grid


def reckoner(
    grids: Iterable[Grid], package: Package, formulas: dict[Place, str | None], stale: set[Place]
) -> Reckoner:
    """Of all cells: a formula counts as the value that stands beside it, unless it is stale or has none."""
    texts = _texts(package)
    values: dict[Place, Value] = {}
    for grid in grids:
        for row, column, cell in grid.cells():
            place = (grid.name.casefold(), row, column)
            value = None if place in stale else _value(cell, texts)
            if value is not None:
                values[place] = value
    nodes = {place: _node(text) for place, text in formulas.items() if place not in values}
    return Reckoner(values, nodes)


def _node(formula: str | None) -> Node | None:
    try:
        return parsed(formula or "")
    except ValueError:
        return None


def _value(cell: Any, texts: list[str]) -> Value:
    kind, said = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
    if kind == "inlineStr":
        return _text(cell.find(f"{MAIN}is")) or None
    if not said:
        return None
    match kind:
        case "s":
            return (texts[int(said)] if int(said) < len(texts) else "") or None
        case "b":
            return bool(said == "1")
        case "e":
            return Problem(said)
        case "n":
            return float(said)
    return str(said)


def _texts(package: Package) -> list[str]:
    """What the sheets have in common. It is only read, so that the part stays as it is."""
    part = package.linked(package.main, "sharedStrings")
    return [_text(one) for one in tree(package.part(part)).iterfind(f"{MAIN}si")] if part else []


def _text(item: Any) -> str:
    """Without how it is spoken."""
    from openpyxl.utils.escape import unescape

    if item is None:
        return ""
    plain = [*item.iterfind(f"{MAIN}t"), *item.iterfind(f"{MAIN}r/{MAIN}t")]
    return str(unescape("".join(one.text or "" for one in plain)))
