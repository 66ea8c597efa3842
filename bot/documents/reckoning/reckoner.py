"""What formulas come to, so that who does not reckon sees it too; what is not sure is left to the spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from bot.documents.formula_tree import Array, Call, Literal, Node, Operation, Reference
from bot.documents.functions import plain
from bot.documents.reckoning import functions
from bot.documents.reckoning.areas import Area
from bot.documents.reckoning.comparing import are_equal, is_less
from bot.documents.reckoning.digits import remaining
from bot.documents.reckoning.values import (
    DIVIDED,
    NO_NUMBER,
    Failed,
    NotReckoned,
    Value,
    finite,
    number,
    text,
)

Place = tuple[str, int, int]
"""Sheet (in small letters), row and column."""

_MOST_READ: Final = 3_000_000


class Circle(Exception):
    """A cell reads itself, by way of others or at once."""

    def __init__(self, place: Place) -> None:
        super().__init__(str(place))
        self.place = place


class _Ahead(Exception):
    """These are to be reckoned first."""

    def __init__(self, places: list[Place]) -> None:
        super().__init__()
        self.places = places


class Reckoner:
    """`values` are of cells that are no formulas (`formulas` may be None where one cannot be read).

    Nothing is reckoned twice, and no more than three million cells are read; what comes after is left.
    """

    def __init__(self, values: Mapping[Place, Value], formulas: Mapping[Place, Node | None]) -> None:
        self._values = dict(values)
        self._formulas = formulas
        self._left: set[Place] = set()
        self._read = 0
        self._extents: dict[str, tuple[int, int]] = {}
        for sheet, row, column in [*values, *formulas]:
            most = self._extents.get(sheet, (0, 0))
            self._extents[sheet] = (max(row, most[0]), max(column, most[1]))

    def value(self, place: Place) -> Value:
        """Raises `NotReckoned` where it is left, `Circle` where it has no end."""
        ahead = [place]
        under_way: set[Place] = set()
        while ahead:
            here = ahead[-1]
            under_way.add(here)
            try:
                self._known(here)
            except _Ahead as more:
                if circle := under_way.intersection(more.places):
                    raise Circle(circle.pop()) from None
                ahead += more.places
                continue
            ahead.pop()
            under_way.discard(here)
        if place in self._left:
            raise NotReckoned
        return self._values.get(place)

    def _known(self, place: Place) -> None:
        if place in self._values or place in self._left or place not in self._formulas:
            return
        node = self._formulas[place]
        try:
            if node is None:
                raise NotReckoned
            self._values[place] = self._of(node, place[0])
            if self._values[place] is None:
                self._values[place] = 0
        except Failed as failed:
            self._values[place] = failed.problem
        except NotReckoned:
            self._left.add(place)

    def _of(self, node: Node | None, sheet: str) -> Value:
        match node:
            case Literal(value):
                return value
            case Reference() if node.is_one:
                return next(iter(self._area(node, sheet).cells))
            case Operation(sign, left, right):
                return self._operated(sign, left, right, sheet)
            case Call(name, arguments):
                return functions.called(
                    plain(name),
                    [self._argument(one, sheet) for one in arguments],
                )
            case None:
                return 0
            case Reference() | Array():
                raise NotReckoned

    def _argument(self, node: Node | None, sheet: str) -> Callable[[], Value | Area]:
        """Looked at only when the function asks for it."""
        if isinstance(node, Reference):
            return lambda: self._area(node, sheet)
        return lambda: self._of(node, sheet)

    def _operated(self, sign: str, left: Node | None, right: Node | None, sheet: str) -> Value:
        if left is None:
            value = number(self._of(right, sheet))
            return -value if sign == "-" else value
        first = self._of(left, sheet)
        if sign == "%":
            return number(first) / 100
        return _joined(sign, first, self._of(right, sheet))

    def _area(self, reference: Reference, sheet: str) -> Area:
        """No further than anything stands; a single cell always."""
        there = reference.sheet.casefold() or sheet
        rows, columns = self._extents.get(there, (0, 0))
        bottom = reference.bottom if reference.is_one else min(reference.bottom, rows)
        right = reference.right if reference.is_one else min(reference.right, columns)
        width, height = right - reference.left + 1, bottom - reference.top + 1
        self._read += max(width, 0) * max(height, 0)
        if self._read > _MOST_READ:
            raise NotReckoned
        places = list(_places(there, reference, bottom, right))
        ahead = [
            one
            for one in places
            if one in self._formulas and one not in self._values and one not in self._left
        ]
        if ahead:
            raise _Ahead(ahead)
        if not self._left.isdisjoint(places):
            raise NotReckoned
        return Area(
            cells=[self._values.get(one) for one in places],
            width=max(width, 0),
            full_width=reference.right - reference.left + 1,
            full_height=reference.bottom - reference.top + 1,
        )


def _joined(sign: str, left: Value, right: Value) -> Value:
    match sign:
        case "&":
            return text(left) + text(right)
        case "=":
            return are_equal(left, right)
        case "<>":
            return not are_equal(left, right)
        case "<":
            return is_less(left, right)
        case ">":
            return is_less(right, left)
        case "<=":
            return not is_less(right, left)
        case ">=":
            return not is_less(left, right)
    return _reckoned(sign, number(left), number(right))


def _reckoned(sign: str, left: float, right: float) -> float:
    if sign == "/":
        if right == 0:
            raise Failed(DIVIDED)
        return finite(left / right)
    if sign == "^":
        return power(left, right)
    if sign == "*":
        return finite(left * right)
    return finite(remaining(left + right if sign == "+" else left - right, left, right))


def power(base: float, exponent: float) -> float:
    """0^0 is 1 to one spreadsheet, and an error to the other."""
    if base == 0 and exponent == 0:
        raise NotReckoned
    try:
        if base == 0 and exponent < 0:
            raise Failed(DIVIDED)
        found = base**exponent
    except OverflowError:
        raise Failed(NO_NUMBER) from None
    if isinstance(found, complex):
        raise Failed(NO_NUMBER)
    return finite(found)


def _places(sheet: str, reference: Reference, bottom: int, right: int) -> Iterator[Place]:
    for row in range(reference.top, bottom + 1):
        for column in range(reference.left, right + 1):
            yield sheet, row, column
