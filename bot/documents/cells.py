"""What a cell of a sheet can hold: a value of its column's kind, or a refusal that names the cell."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from bot.documents.content import Cell, Column
from bot.errors import ToolError

Value = str | int | float | bool | date | datetime | None

LONGEST: Final = 32_767
_MOST_DIGITS: Final = 10**15
_LARGEST: Final = 9.99e307
_FIRST_DAY: Final = date(1900, 3, 1)
_UNHEARD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def typed(column: Column, value: Cell, where: str) -> Value:
    """The value as the column's kind. Raises `ToolError` where it is none, or no sheet can hold it."""
    if value is None:
        return None
    if column.kind == "text":
        return text(str(value), f"{where} ({column.title})")
    try:
        match column.kind:
            case "boolean":
                return _boolean(value)
            case "date":
                return _day(date.fromisoformat(str(value)))
            case "datetime":
                return _moment(datetime.fromisoformat(str(value)))
            case "integer":
                return _number(value, int)
        return _number(value, float)
    except (ValueError, OverflowError) as error:
        why = f": {error}" if type(error) is _Unfit else ""
        raise ToolError(
            f"{where} ({column.title}) is to be a {column.kind}, and {str(value)[:60]!r} is none{why}. "
            "Nothing was made; mend it."
        ) from None


def text(value: str, where: str) -> str:
    """As a workbook can hold it: without control characters, and meaning itself."""
    heard = legible(value)
    if len(heard) > LONGEST:
        raise ToolError(
            f"{where} has {len(heard):,} characters, and a cell holds at most {LONGEST:,}. Nothing was made. "
            "Shorten it, or put it into a file."
        )
    return _ESCAPE.sub("_x005F_", heard)


def legible(value: str) -> str:
    """Without what no XML can hold."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return _UNHEARD.sub("", lines.encode("utf-8", "replace").decode())


class _Unfit(ValueError):
    """A value of the kind, which a sheet would show as another."""


def _boolean(value: Cell) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError


def _day(day: date) -> date:
    if day < _FIRST_DAY:
        raise _Unfit("a sheet knows days from March 1900 on; make the column text")
    return day


def _moment(moment: datetime) -> datetime:
    if moment.tzinfo is not None:
        raise _Unfit(
            "a sheet knows no time zones; give all times of one zone, and name it in the column's title"
        )
    _day(moment.date())
    return moment


def _number(value: Cell, kind: type[int] | type[float]) -> int | float:
    if isinstance(value, bool | str) or value is None or kind(value) != value:
        raise ValueError
    if abs(value) > _LARGEST or (isinstance(value, int) and abs(value) >= _MOST_DIGITS):
        raise _Unfit("a sheet keeps 15 digits of a number; make the column text")
    return value
