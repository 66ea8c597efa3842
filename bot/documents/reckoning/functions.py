"""The functions of everyday tables, as far as every spreadsheet gives the same answer."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

from bot.documents.reckoning import criteria, lookups
from bot.documents.reckoning.areas import Area, numbers, refuse_problems, single
from bot.documents.reckoning.digits import floored, refuse_beside_whole, remaining, summed, whole
from bot.documents.reckoning.values import (
    DIVIDED,
    NO_NUMBER,
    NO_VALUE,
    Failed,
    NotReckoned,
    Problem,
    Value,
    finite,
    is_number,
    number,
    text,
    truth,
)

_MOST_DIGITS: Final = 12
_HALF: Final = Decimal("0.5")

Argument = Callable[[], Value | Area]


def called(name: str, arguments: Sequence[Argument]) -> Value:
    """Raises `NotReckoned` for a function, or a way to call it, that is left to the spreadsheet."""
    if name in _LAZY:
        return _LAZY[name](arguments)
    given = [one() for one in arguments]
    if name in _OF_NUMBERS:
        return finite(_OF_NUMBERS[name](_numbers(given)))
    if name in _OF_AREAS:
        return _OF_AREAS[name](given)
    if name in _OF_ONE and len(given) == 1:
        return _OF_ONE[name](single(given[0]))
    if name in _OF_TWO and len(given) == 2:
        return _OF_TWO[name](single(given[0]), single(given[1]))
    raise NotReckoned


def _numbers(given: Sequence[Value | Area]) -> list[float]:
    """Of areas the numbers alone, of what is said in the formula also what is taken for one."""
    found: list[float] = []
    for one in given:
        if isinstance(one, Area):
            found += numbers(one.cells)
        elif isinstance(one, str):
            raise NotReckoned
        else:
            found.append(number(one))
    return found


def _if(arguments: Sequence[Argument]) -> Value:
    is_so = truth(single(arguments[0]()))
    if is_so or len(arguments) > 2:
        return single(arguments[1 if is_so else 2]())
    return False


def _if_error(arguments: Sequence[Argument]) -> Value:
    try:
        value = single(arguments[0]())
    except Failed:
        return single(arguments[1]())
    return single(arguments[1]()) if isinstance(value, Problem) else value


def _truths(arguments: Sequence[Argument]) -> list[bool]:
    found: list[bool] = []
    for one in arguments:
        given = one()
        if isinstance(given, Area):
            refuse_problems(given.cells)
            found += [bool(cell) for cell in given.cells if isinstance(cell, int | float)]
        else:
            found.append(truth(given))
    if not found:
        raise Failed(NO_VALUE)
    return found


_LAZY: Final[dict[str, Callable[[Sequence[Argument]], Value]]] = {
    "IF": _if,
    "IFERROR": _if_error,
    "AND": lambda arguments: all(_truths(arguments)),
    "OR": lambda arguments: any(_truths(arguments)),
}


def _average(found: list[float]) -> float:
    if not found:
        raise Failed(DIVIDED)
    return summed(found) / len(found)


def _median(found: list[float]) -> float:
    if not found:
        raise Failed(NO_NUMBER)
    return statistics.median(found)


def _deviation(found: list[float]) -> float:
    if len(found) < 2:
        raise Failed(DIVIDED)
    return remaining(statistics.stdev(found), *found)


_OF_NUMBERS: Final[dict[str, Callable[[list[float]], float]]] = {
    "SUM": summed,
    "AVERAGE": _average,
    "MIN": lambda found: min(found, default=0.0),
    "MAX": lambda found: max(found, default=0.0),
    "MEDIAN": _median,
    "STDEV": _deviation,
    "STDEV.S": _deviation,
}


def _cells(given: Sequence[Value | Area]) -> list[Value]:
    if not all(isinstance(one, Area) for one in given):
        raise NotReckoned
    return [cell for one in given if isinstance(one, Area) for cell in one.cells]


def _products(given: Sequence[Value | Area]) -> Value:
    areas = [one for one in given if isinstance(one, Area)]
    if len(areas) < len(given) or not all(one.is_whole for one in areas):
        raise NotReckoned
    if len({(one.full_width, one.full_height) for one in areas}) > 1:
        raise Failed(NO_VALUE)
    numbers(_cells(given))
    columns = [[cell if is_number(cell) else 0 for cell in one.cells] for one in areas]
    return finite(summed([math.prod(row) for row in zip(*columns, strict=True)]))


def _conditional(
    reckon: Callable[[list[float]], float], *, is_many: bool
) -> Callable[[Sequence[Value | Area]], Value]:
    def reckoned(given: Sequence[Value | Area]) -> Value:
        if is_many:
            summed, pairs = given[0], given[1:]
        else:
            summed, pairs = (given[2] if len(given) > 2 else given[0]), given[:2]
        chosen = _chosen(pairs)
        if not isinstance(summed, Area) or len(summed.cells) != len(chosen):
            raise NotReckoned
        cells = [cell for cell, is_in in zip(summed.cells, chosen, strict=True) if is_in]
        refuse_problems(cells)
        return finite(
            reckon([float(one) for one in cells if isinstance(one, int | float) and is_number(one)])
        )

    return reckoned


def _chosen(pairs: Sequence[Value | Area]) -> list[bool]:
    """Of each cell, whether it meets all conditions."""
    found: list[bool] = []
    if len(pairs) % 2:
        raise NotReckoned
    for area, condition in zip(pairs[::2], pairs[1::2], strict=True):
        if not isinstance(area, Area) or not area.is_whole:
            raise NotReckoned
        meets = criteria.met_by(single(condition))
        met = [meets(cell) for cell in area.cells]
        if found and len(found) != len(met):
            raise NotReckoned
        found = [one and other for one, other in zip(found, met, strict=True)] if found else met
    return found


def _ranked(order: Callable[[list[float]], list[float]]) -> Callable[[Sequence[Value | Area]], Value]:
    def reckoned(given: Sequence[Value | Area]) -> Value:
        found, place = order(_numbers(given[:1])), number(single(given[1]))
        if place != int(place):
            raise NotReckoned
        if not 1 <= place <= len(found):
            raise Failed(NO_NUMBER)
        return found[int(place) - 1]

    return reckoned


_OF_AREAS: Final[dict[str, Callable[[Sequence[Value | Area]], Value]]] = {
    "COUNT": lambda given: len(numbers([one for one in _cells(given) if not isinstance(one, Problem)])),
    "COUNTA": lambda given: sum(cell is not None for cell in _cells(given)),
    "INDEX": lookups.index,
    "MATCH": lookups.match,
    "VLOOKUP": lookups.look_up,
    "SUMPRODUCT": _products,
    "SUMIF": _conditional(summed, is_many=False),
    "SUMIFS": _conditional(summed, is_many=True),
    "AVERAGEIF": _conditional(_average, is_many=False),
    "AVERAGEIFS": _conditional(_average, is_many=True),
    "COUNTIF": lambda given: sum(_chosen(given)),
    "COUNTIFS": lambda given: sum(_chosen(given)),
    "LARGE": _ranked(lambda found: sorted(found, reverse=True)),
    "SMALL": _ranked(sorted),
    "CONCATENATE": lambda given: "".join(text(single(one)) for one in given),
    "CONCAT": lambda given: "".join(text(single(one)) for one in given),
}


def _rounded(way: str) -> Callable[[Value, Value], Value]:
    def reckoned(value: Value, digits: Value) -> Value:
        exact, places = Decimal(repr(number(value))), whole(digits)
        if abs(places) > _MOST_DIGITS or abs(exact) > Decimal(10) ** _MOST_DIGITS:
            raise NotReckoned
        scaled = exact.scaleb(places)
        if scaled == scaled.to_integral_value():
            return float(exact) + 0.0
        refuse_beside_whole(scaled + _HALF if way == ROUND_HALF_UP else scaled)
        kind = way
        if way == "AWAY":
            kind = ROUND_CEILING if exact > 0 else ROUND_FLOOR
        return float(exact.quantize(Decimal(1).scaleb(-places), rounding=kind)) + 0.0

    return reckoned


def _rest(value: Value, divisor: Value) -> Value:
    left, right = number(value), number(divisor)
    if right == 0:
        raise Failed(DIVIDED)
    if abs(left / right) > 1e9:
        raise NotReckoned
    return left - right * floored(left / right) if math.fmod(left, right) else 0.0


def _root(value: Value) -> Value:
    found = number(value)
    if found < 0:
        raise Failed(NO_NUMBER)
    return math.sqrt(found)


def _letters(value: Value) -> str:
    """An emoji is one letter to one spreadsheet, and two to the other."""
    found = text(value)
    if any(one > "\uffff" for one in found):
        raise NotReckoned
    return found


def _with_case(change: Callable[[str], str]) -> Callable[[Value], Value]:
    """A letter that would become two, as "ß", stays as it is with one of them."""

    def changed(value: Value) -> Value:
        found = text(value)
        if len(change(found)) != len(found):
            raise NotReckoned
        return change(found)

    return changed


_OF_ONE: Final[dict[str, Callable[[Value], Value]]] = {
    "ABS": lambda value: abs(number(value)),
    "INT": lambda value: float(whole(value)),
    "SQRT": _root,
    "NOT": lambda value: not truth(value),
    "LEN": lambda value: len(_letters(value)),
    "UPPER": _with_case(str.upper),
    "LOWER": _with_case(str.lower),
    "ISBLANK": lambda value: value is None,
    "ISNUMBER": is_number,
    "ISTEXT": lambda value: isinstance(value, str),
}
_OF_TWO: Final[dict[str, Callable[[Value, Value], Value]]] = {
    "ROUND": _rounded(ROUND_HALF_UP),
    "ROUNDDOWN": _rounded(ROUND_DOWN),
    "ROUNDUP": _rounded("AWAY"),
    "MOD": _rest,
    "LEFT": lambda value, count: _letters(value)[: max(whole(count), 0)],
}
