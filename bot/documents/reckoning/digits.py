"""Where the digits of a number end: what turns on more than fourteen of them is left to the spreadsheet.

0.1+0.2 is 0.3 to all of them, and to a computer it is not: each has rules of its own to make up for that.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from typing import Final

from bot.documents.reckoning.values import NO_NUMBER, Failed, NotReckoned, Value, number

_NEAR: Final = 1e-14


def are_one(left: float, right: float) -> bool:
    """Raises `NotReckoned` where they are two only by their last digits."""
    if left != right and abs(left - right) <= _NEAR * max(abs(left), abs(right)):
        raise NotReckoned
    return left == right


def remaining(found: float, *parts: float) -> float:
    """A sum of two. Raises `NotReckoned` where their last digits are all that is left of them."""
    if found and abs(found) <= _NEAR * max(map(abs, parts)):
        raise NotReckoned
    return found


def summed(parts: Sequence[float]) -> float:
    """Likewise. One spreadsheet adds them one by one, and the other makes up for what gets lost on the way."""
    try:
        exact = math.fsum(parts)
    except (OverflowError, ValueError):
        raise Failed(NO_NUMBER) from None
    if abs(exact) <= _NEAR * math.fsum(map(abs, parts)) and (exact or reduce(operator.add, parts, 0.0)):
        raise NotReckoned
    return exact


def floored(value: float) -> int:
    refuse_beside_whole(Decimal(value))
    return math.floor(value)


def whole(value: Value) -> int:
    return floored(number(value))


def refuse_beside_whole(value: Decimal) -> None:
    """Where an answer takes a step at whole numbers. On one they all agree, and so they do well away from any."""
    if 0 < abs(value - value.to_integral_value()) <= Decimal(_NEAR) * max(abs(value), Decimal(1)):
        raise NotReckoned
