"""What a spreadsheet takes for a formula, and that no text becomes one by how it begins.

https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from bot.errors import ToolError

if TYPE_CHECKING:
    from bot.documents.content import Sheet

OPENERS: Final = "=+-@\t\r"
"""Text that begins with one of these is reckoned by whoever opens a CSV file with it."""

_FORBIDDEN: Final = frozenset(
    {
        "WEBSERVICE",
        "FILTERXML",
        "RTD",
        "DDE",
        "CALL",
        "REGISTER.ID",
        "HYPERLINK",
        "IMAGE",
        "INDIRECT",
        "IMPORTDATA",
    }
)
"""What reaches outside the workbook, or where nobody can see beforehand what it reads."""
_MOST_SHOWN: Final = 20


def checked(formula: str, sheets: Sequence[str], where: str) -> str:
    """The formula, without an "=" at its front. Raises `ToolError` where it is none or reaches out of the workbook."""
    from openpyxl.formula import Tokenizer

    text = formula.strip().removeprefix("=")
    try:
        tokens = Tokenizer(f"={text}").items
    except Exception:  # noqa: BLE001 - parse boundary: it raises anything on what is no formula
        raise _wrong(where, formula, "it cannot be read") from None
    depth = 0
    for token in tokens:
        depth += {"OPEN": 1, "CLOSE": -1}.get(token.subtype, 0)
        name = token.value.rstrip("(").upper().removeprefix("_XLFN.")
        if token.type == "FUNC" and token.subtype == "OPEN" and name in _FORBIDDEN:
            raise _wrong(where, formula, f"{name} reaches outside the workbook")
        if token.type == "OPERAND" and token.subtype == "RANGE":
            _check_reference(token.value, sheets, where, formula)
    if depth or not tokens or "|" in text:
        raise _wrong(where, formula, "its brackets do not match" if depth else "it cannot be read")
    return text


def told(sheets: Iterable[Sheet]) -> list[str]:
    """Which cells are formulas, for whoever made them to see."""
    found = [
        f"{sheet.name}!{_cell(number, place)} = {cell.formula}"
        for sheet in sheets
        for number, row in enumerate(sheet.rows, 2)
        for place, cell in enumerate(row, 1)
        if not isinstance(cell, str | int | float | None)
    ]
    if not found:
        return []
    more = f" and {len(found) - _MOST_SHOWN:,} more" if len(found) > _MOST_SHOWN else ""
    return [f"Formulas, reckoned when it is opened: {'; '.join(found[:_MOST_SHOWN])}{more}."]


def _check_reference(reference: str, sheets: Sequence[str], where: str, formula: str) -> None:
    sheet, mark, _ = reference.rpartition("!")
    if not mark:
        return
    name = sheet.strip("'").replace("''", "'")
    if "[" in name or name.casefold() not in {one.casefold() for one in sheets}:
        raise _wrong(where, formula, f"there is no sheet {name!r} in this workbook")


def _wrong(where: str, formula: str, why: str) -> ToolError:
    return ToolError(
        f"The formula of {where} ({formula[:100]}) was not taken: {why}. Nothing was made; mend it."
    )


def _cell(number: int, place: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(place)}{number}"
