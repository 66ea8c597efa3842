"""The conditions of COUNTIF and its like: "Paid", 12, ">=100", "<>open"."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Final

from bot.documents.reckoning.comparing import are_same_words
from bot.documents.reckoning.digits import are_one
from bot.documents.reckoning.values import NotReckoned, Problem, Value, is_number, might_be_number

_SIGNS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "<>": operator.ne,
    "=": operator.eq,
    "": operator.eq,
}
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


def met_by(condition: Value) -> Callable[[Value], bool]:
    """Raises `NotReckoned` for wildcards, and what else depends on the language of who reads."""
    if isinstance(condition, bool | Problem) or condition is None:
        raise NotReckoned
    if not isinstance(condition, str):
        return _compared("=", float(condition))
    sign, rest = _parted(condition)
    if _NUMBER.fullmatch(rest):
        return _compared(sign, float(rest))
    if not rest or set("*?~") & set(rest) or might_be_number(rest) or sign not in ("", "=", "<>"):
        raise NotReckoned
    is_not = sign == "<>"
    return lambda cell: (isinstance(cell, str) and are_same_words(cell, rest)) != is_not


def _parted(condition: str) -> tuple[str, str]:
    found = re.fullmatch(r"(>=|<=|<>|>|<|=)?(.*)", condition, re.DOTALL)
    return (found[1] or "", found[2]) if found else ("", condition)


def _compared(sign: str, wanted: float) -> Callable[[Value], bool]:
    def met(cell: Value) -> bool:
        if isinstance(cell, str) and might_be_number(cell):
            raise NotReckoned
        if not isinstance(cell, int | float) or not is_number(cell):
            return sign == "<>"
        are_one(cell, wanted)  # or the spreadsheet is to say
        return _SIGNS[sign](cell, wanted)

    return met
