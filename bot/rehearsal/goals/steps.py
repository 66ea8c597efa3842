"""Round steps over a range of numbers, and numbers as people read them."""

from __future__ import annotations

import math
import re
from decimal import Decimal

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_GROUPED = 5


def round_steps(least: float, most: float, number: int, *, is_whole: bool) -> list[str]:
    """The upper ends of about so many steps that hold all from `least` to `most`, as SQL and people write them."""
    step = _step((most - least) / number, is_whole=is_whole)
    last = math.ceil(_rounded(most / float(step)))
    first = math.floor(_rounded(least / float(step))) + 1
    if is_whole and step == 1:
        first -= 1
    return [_plain(step * one) for one in range(first, max(first, last) + 1)]


def figure(text: str) -> str:
    """A number as text, with separators where it is long; anything else stays as it is."""
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text)
    if value and not 1e-4 <= abs(value) < 1e15:
        return f"{value:.6g}"
    whole, _, part = _plain(Decimal(f"{value:.15g}")).partition(".")
    grouped = f"{int(whole):,}" if len(whole.lstrip("-")) >= _GROUPED else whole
    return f"{grouped}.{part}" if part else grouped


def _step(least: float, *, is_whole: bool) -> Decimal:
    """The first round one that is no smaller."""
    power = math.floor(math.log10(least)) if least > 0 else 0
    factor = next((one for one in _ROUND if one * 10.0**power >= least * (1 - 1e-9)), _ROUND[-1])
    step = Decimal(str(factor)).scaleb(power)
    return max(Decimal(1), step.to_integral_value(rounding="ROUND_CEILING")) if is_whole else step


def _rounded(value: float) -> float:
    """What only the machine's arithmetic took from a whole number is given back."""
    return round(value) if math.isclose(value, round(value), rel_tol=1e-12) else value


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
