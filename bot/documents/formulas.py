"""What a spreadsheet takes for a formula, and that no text becomes one by how it begins.

The one rule: a cell is a formula only where it was called so, and it reads nothing but its workbook. In a workbook any
other text is of the type text; in a file that has no types (CSV) it is written behind an apostrophe, or pointed out.
https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from bot.documents import formula_tree, functions
from bot.documents.formula_tree import Call, Node, Reference
from bot.errors import ToolError

if TYPE_CHECKING:
    from bot.documents.content import Sheet

OPENERS: Final = "=+-@\t\r\n＝＋－＠"
"""Text that begins with one of these is reckoned by whoever opens a CSV file with it (OWASP, CSV Injection)."""

HARMLESS: Final = "[+-]+|[+-]?[0-9., \u00a0\u202f]*[0-9]%?([Ee][+-]?[0-9]+)?"
"""All of a text that begins with one and does nothing: a plain number, or dashes. Python and DuckDB read it alike."""

_MOST_SHOWN: Final = 20


def checked(formula: str, sheets: Sequence[str], where: str) -> str:
    """The formula as a file has it, without an "=" at its front.

    Raises `ToolError` where it is none, names what is not there, or reaches out of the workbook.
    """
    text = formula.strip().removeprefix("=").strip()
    try:
        if any(ord(one) < ord(" ") and one not in "\n\t" for one in text):
            raise ValueError("it cannot be read")
        for node in formula_tree.within(formula_tree.parsed(text)):
            _check(node, sheets)
        return "".join(_as_filed(token, sheets) for token in formula_tree.tokens(text))
    except ValueError as error:
        raise ToolError(
            f"The formula of {where} ({formula[:100]}) was not taken: {error}. Nothing was made; mend it."
        ) from None


def told(sheets: Iterable[Sheet]) -> list[str]:
    """Which cells are formulas, for whoever made them to see."""
    found = [
        f"{sheet.name}!{address(number, place)} = {cell.formula.strip().removeprefix('=')}"
        for sheet in sheets
        for number, row in enumerate(sheet.rows, 2)
        for place, cell in enumerate(row, 1)
        if not isinstance(cell, str | int | float | None)
    ]
    if not found:
        return []
    more = f" and {len(found) - _MOST_SHOWN:,} more" if len(found) > _MOST_SHOWN else ""
    return [f"Formulas, reckoned when it is opened: {'; '.join(found[:_MOST_SHOWN])}{more}."]


def seems_one(text: str) -> bool:
    """Whether whoever opens a CSV file with this cell reckons it. A plain number is none, whatever its sign."""
    return text.startswith(tuple(OPENERS)) and not re.fullmatch(HARMLESS, text)


def seeming(separated: str, delimiter: str) -> list[str]:
    """The cells of a CSV or TSV text that whoever opens it would reckon, as A1, B7."""
    try:
        return list(_seeming(csv.reader(io.StringIO(separated, newline=""), delimiter=delimiter)))
    except csv.Error:  # it is no table, and nobody will open it as one
        return []


def address(number: int, place: int) -> str:
    """Of a cell by its row and column, from 1: B7."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{number}"


def _seeming(rows: Iterable[list[str]]) -> Iterator[str]:
    for number, row in enumerate(rows, 1):
        for place, text in enumerate(row, 1):
            if seems_one(text):
                yield address(number, place)


def _check(node: Node, sheets: Sequence[str]) -> None:
    if isinstance(node, Reference) and node.sheet:
        _named(node.sheet, sheets)
    if not isinstance(node, Call):
        return
    name = functions.plain(node.name)
    if name in functions.FORBIDDEN:
        raise ValueError(f"{name} reaches outside the workbook, or hides what it reads")
    if name in functions.INSTEAD:
        raise ValueError(f"{name} is not known to every spreadsheet; take {functions.INSTEAD[name]}")
    if not functions.is_known(name):
        raise ValueError(f"{name} is no function that every spreadsheet knows by this name")
    least, most = functions.arguments(name)
    if not least <= len(node.arguments) <= most:
        raise ValueError(f"{name} does not take {len(node.arguments)} arguments")


def _as_filed(token: Any, sheets: Sequence[str]) -> str:
    """Sheets in quotes, as a name like Q1 must be, and younger functions by the names that files have for them."""
    value = str(token.value)
    if token.type == "FUNC" and token.subtype == "OPEN":
        return f"{functions.as_filed(functions.plain(value[:-1]))}("
    if token.type == "OPERAND" and token.subtype == "RANGE" and "!" in value:
        name = _named(formula_tree.reference(value).sheet, sheets).replace("'", "''")
        return f"'{name}'!{value.rpartition('!')[2]}"
    return value


def _named(sheet: str, sheets: Sequence[str]) -> str:
    for name in sheets:
        if name.casefold() == sheet.casefold():
            return name
    raise ValueError(f"there is no sheet {sheet!r} in this workbook")
