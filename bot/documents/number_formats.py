"""How the cells of each kind look, and which number formats a workbook can have without being told to be broken."""

from __future__ import annotations

import re
from typing import Final

from bot.documents.content import Column
from bot.errors import ToolError

USUAL: Final = {
    "text": "@",
    "number": "#,##0.00",
    "integer": "#,##0",
    "currency": "#,##0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "boolean": '"TRUE";"TRUE";"FALSE"',  # what some would show as 1 and 0,
}
_LONGEST = 200
_MOST_SECTIONS = 4
_PIECES = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?:\$[^\[\]"]*|[A-Za-z]+\d*|[<>=]+-?[\d.]+)\]|General|AM/PM|A/P|E[+-]|'
    r"[ymdhs]+|[0#?.,%@/ ():;+\-$€£¥]",
    re.IGNORECASE,
)


def of(column: Column) -> str:
    """The column's own where it has one. Raises `ToolError` for one that a spreadsheet would not open."""
    return taken(column.format, column.title) if column.format else USUAL[column.kind]


def taken(look: str, where: str) -> str:
    """The format, once it has been proven to be one."""
    rest = _PIECES.sub("", look)
    if rest or len(look) > _LONGEST or _sections(look) > _MOST_SECTIONS or not look.isprintable():
        raise ToolError(
            f"The number format of {where} ({look[:60]}) is none: words in it stand in quotes, as in "
            '0.00 "EUR", and it has at most four sections. Nothing was made; mend it.'
        )
    return look


def _sections(look: str) -> int:
    return re.sub(r'"[^"]*"|\\.', "", look).count(";") + 1
