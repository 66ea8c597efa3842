"""One field of a form: what may be put into it, and how what a person put there is read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from bot.errors import BadArgument

MOST_TEXT = 3_000

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.][^@\s]{0,250}\.[^@\s.]{2,}")


class Kind(StrEnum):
    LINE = "line"
    EMAIL = "email"
    ADDRESS = "address"
    DATE = "date"
    MOMENT = "moment"
    NUMBER = "number"
    WHOLE = "whole number"
    YES_NO = "yes or no"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True, kw_only=True)
class Field:
    """`choices` are pairs of the value and what people read for it; `low` and `high` bound a number, the length of a
    text, or how many are chosen.
    """

    name: str
    title: str
    kind: Kind
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    default: Any = None
    is_required: bool = False
    low: float = -math.inf
    high: float = math.inf


def filled(asked: Sequence[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the server wants them. A text stands for a number, a date, or a choice by its label, too."""
    for name in given:
        if name not in {one.name for one in asked}:
            raise BadArgument(f"There is no {name} in this form.", argument=name)
    found = {one.name: value(one, given.get(one.name)) for one in asked}
    return {name: one for name, one in found.items() if one is not None}


def value(one: Field, given: Any) -> Any:
    """None for what is not given; then the server takes its default."""
    if given is None or given in ("", []):
        if one.is_required and one.default is None:
            raise BadArgument("This is needed.", argument=one.name)
        return one.default
    read: _Read = _READ.get(one.kind, _text)
    try:
        found, size = read(one, given)
    except (ValueError, TypeError, LookupError):
        raise BadArgument(_WRONG.get(one.kind, "This cannot be."), argument=one.name) from None
    if not one.low <= size <= one.high:
        raise BadArgument(_out_of_bounds(one), argument=one.name)
    return found


def _text(one: Field, given: Any) -> tuple[str, float]:
    if not isinstance(given, str) or len(given) > MOST_TEXT:
        raise ValueError
    check = _CHECKS.get(one.kind)
    if check is not None and not check(given):
        raise ValueError
    return given, len(given)


def _number(one: Field, given: Any) -> tuple[int | float, float]:
    if isinstance(given, bool) or len(str(given)) > 15:
        raise ValueError
    number = float(given)
    if not math.isfinite(number) or (one.kind is Kind.WHOLE and number != int(number)):
        raise ValueError
    return int(number) if number == int(number) else number, number


def _yes_no(one: Field, given: Any) -> tuple[bool, float]:
    answers = {True: True, "true": True, "yes": True, False: False, "false": False, "no": False}
    return answers[given.lower() if isinstance(given, str) else given], 0


def _choice(one: Field, given: Any) -> tuple[str, float]:
    if not isinstance(given, str):
        raise ValueError
    for value, label in one.choices:
        if given == value or given.strip().casefold() == label.casefold():
            return value, 0
    raise ValueError


def _chosen(one: Field, given: Any) -> tuple[list[str], float]:
    several = given.split(",") if isinstance(given, str) else given
    chosen = list(dict.fromkeys(_choice(one, part)[0] for part in several))
    return chosen, len(chosen)


def _out_of_bounds(one: Field) -> str:
    low = "" if one.low == -math.inf else f" from {one.low:g}"
    high = "" if one.high == math.inf else f" to {one.high:g}"
    what = {Kind.CHOICES: "Choose", Kind.NUMBER: "A number", Kind.WHOLE: "A whole number"}.get(
        one.kind, "A length"
    )
    return f"{what}{low}{high}."


def _is_address(text: str) -> bool:
    return bool(urlsplit(text).scheme) and not any(map(str.isspace, text))


def _is_date(text: str) -> bool:
    return bool(date.fromisoformat(text))


def _is_moment(text: str) -> bool:
    return bool(datetime.fromisoformat(text))


_Read = Callable[[Field, Any], tuple[Any, float]]

_CHECKS: Mapping[Kind, Callable[[str], bool]] = {
    Kind.EMAIL: lambda text: _EMAIL.fullmatch(text) is not None,
    Kind.ADDRESS: _is_address,
    Kind.DATE: _is_date,
    Kind.MOMENT: _is_moment,
}
_READ: Mapping[Kind, _Read] = {
    Kind.NUMBER: _number,
    Kind.WHOLE: _number,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _chosen,
}
_WRONG: Mapping[Kind, str] = {
    Kind.EMAIL: "This has to be an e-mail address.",
    Kind.ADDRESS: "This has to be an address with its scheme, such as https://example.com.",
    Kind.DATE: "This has to be a day, such as 2026-11-30.",
    Kind.MOMENT: "This has to be a moment, such as 2026-11-30T14:00:00Z.",
    Kind.NUMBER: "This has to be a number.",
    Kind.WHOLE: "This has to be a whole number.",
    Kind.YES_NO: "This has to be yes or no.",
    Kind.CHOICE: "This has to be one of the choices.",
    Kind.CHOICES: "These have to be of the choices.",
    Kind.LINE: f"This has to be a text of at most {MOST_TEXT:,} characters.",
}
