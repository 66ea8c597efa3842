"""What a cell comes to, and how spreadsheets take one kind of value for another, as far as all of them agree."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Problem:
    """An error that a cell shows: #DIV/0!, #VALUE!"""

    code: str


Value = float | int | str | bool | Problem | None

DIVIDED: Final = Problem("#DIV/0!")
NO_VALUE: Final = Problem("#VALUE!")
NO_NUMBER: Final = Problem("#NUM!")
NOT_FOUND: Final = Problem("#N/A")
NO_CELL: Final = Problem("#REF!")

_MOST_DIGITS = 1e15
_MONTHS = frozenset(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"))


class NotReckoned(Exception):
    """It is left to the spreadsheet: here nobody is sure of the answer."""


class Failed(Exception):
    """A problem that whatever reads it has too."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def number(value: Value) -> float:
    """For reckoning. Text that might be a number or a day is left to the spreadsheet."""
    match value:
        case Problem():
            raise Failed(value)
        case None:
            return 0.0
        case str():
            if might_be_number(value):
                raise NotReckoned
            raise Failed(NO_VALUE)
    return float(value)


def might_be_number(value: str) -> bool:
    """Whether some spreadsheet takes the text for a number, a day or a time, as "12 %" or "Mar 3"."""
    start = value.strip().casefold()
    return bool(re.search(r"\d", value)) and (not start[0].isalpha() or start[:3] in _MONTHS)


def truth(value: Value) -> bool:
    if isinstance(value, str):
        raise NotReckoned
    return number(value) != 0


def text(value: Value) -> str:
    match value:
        case Problem():
            raise Failed(value)
        case None:
            return ""
        case bool():
            raise NotReckoned  # TRUE to one spreadsheet, 1 to the other
        case str():
            return value
    if value == int(value) and abs(value) < _MOST_DIGITS:
        return str(int(value))
    shown = f"{value:.15g}"
    if "e" in shown:
        raise NotReckoned
    return shown


def finite(value: float) -> float:
    if not math.isfinite(value):
        raise Failed(NO_NUMBER)
    return value


def is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
