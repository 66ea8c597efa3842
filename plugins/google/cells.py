"""Cells of a Google Sheet: their addresses, rows as text, and values as Sheets takes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.sdk import ToolError

Value = str | int | float | bool | None
Rows = list[list[Value]]
MOST_CELLS = 20_000
_START = re.compile(
    r"^(?:(?P<sheet>'(?:[^']|'')*'|[^'!]+)!)?\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[1-9]\d{0,6})(?::.*)?$"
)
_QUOTED = re.compile(r"""\"[^\"]*\"|'[^']*'""")
_FETCHES = re.compile(r"\b(?:IMPORT(?:DATA|XML|HTML|FEED|RANGE)|IMAGE)\b(?!!)", re.IGNORECASE)


def column(number: int) -> str:
    """The letters of a column, counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def quoted(sheet: str) -> str:
    """A sheet's name as a range has it."""
    escaped = sheet.replace("'", "''")
    return f"'{escaped}'"


def start(cell: str) -> tuple[str, int, int]:
    """The sheet ("" for the first), the row and the column, both from 0, of the first cell of a range."""
    found = _START.match(cell.strip())
    if found is None:
        raise ToolError(f'{cell!r} is not a cell. Give one such as "A1" or "Budget!B2".')
    sheet = found["sheet"] or ""
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    number = 0
    for letter in found["column"].upper():
        number = number * 26 + ord(letter) - 64
    return sheet, int(found["row"]) - 1, number - 1


def first_row(range: str) -> int:
    """The number of the first row of a range that Sheets names; 1 where it names none."""
    found = _START.match(range)
    return int(found["row"]) if found else 1


def lines(rows: Sequence[Sequence[Any]], first: int = 1) -> str:
    """A line per row with its number; empty rows are left out."""
    return "\n".join(
        f"{number}: " + " | ".join(_one_line(value) for value in row)
        for number, row in enumerate(rows, first)
        if any(value not in ("", None) for value in row)
    )


def checked(rows: Rows) -> Rows:
    """Refused when they are too many, or when a formula would fetch from an address: that could carry data away."""
    if not rows or not any(rows):
        raise ToolError("There are no values. Give rows of cells.")
    if sum(len(row) for row in rows) > MOST_CELLS:
        raise ToolError(f"These are more than {MOST_CELLS:,} cells. Write them in parts.")
    for value in (value for row in rows for value in row):
        if is_formula(value) and _FETCHES.search(_QUOTED.sub("", str(value))):
            raise ToolError(
                f"The formula {value} fetches from beyond this Sheet, which is not written. Write the values."
            )
    return rows


def is_formula(value: Value) -> bool:
    return isinstance(value, str) and value.startswith("=")


def typed(rows: Rows) -> list[dict[str, Any]]:
    """As Sheets takes them: a number stays one in every country, and text stays text."""
    return [{"values": [_typed(value) for value in row]} for row in rows]


def _typed(value: Value) -> dict[str, Any]:
    match value:
        case None:
            return {}
        case bool():
            kind = "boolValue"
        case int() | float():
            kind = "numberValue"
        case _:
            kind = "formulaValue" if is_formula(value) else "stringValue"
    return {"userEnteredValue": {kind: value}}


def _one_line(value: Any) -> str:
    return " ".join(str(value).split()) if value is not None else ""
