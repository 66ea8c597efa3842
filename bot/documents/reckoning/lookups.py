"""INDEX, MATCH and VLOOKUP, where they look for just what is named."""

from __future__ import annotations

from collections.abc import Sequence

from bot.documents.reckoning.areas import Area, single
from bot.documents.reckoning.comparing import are_equal
from bot.documents.reckoning.digits import whole
from bot.documents.reckoning.values import (
    NO_CELL,
    NO_VALUE,
    NOT_FOUND,
    Failed,
    NotReckoned,
    Problem,
    Value,
)


def index(given: Sequence[Value | Area]) -> Value:
    area, places = given[0], [whole(single(one)) for one in given[1:]]
    if not isinstance(area, Area) or len(places) not in (1, 2) or min(places) < 1:
        raise NotReckoned
    row, column = (places[0], places[1]) if len(places) > 1 else (places[0], 1)
    if len(places) == 1 and area.full_width > 1:
        if area.full_height > 1:
            raise NotReckoned
        row, column = 1, places[0]
    if row > area.full_height or column > area.full_width:
        raise Failed(NO_CELL)
    place = (row - 1) * area.width + column - 1
    return area.cells[place] if column <= area.width and place < len(area.cells) else None


def match(given: Sequence[Value | Area]) -> Value:
    if len(given) != 3 or not isinstance(given[1], Area) or single(given[2]) not in (0, False):
        raise NotReckoned
    if 1 not in (given[1].full_width, given[1].full_height):
        raise Failed(NOT_FOUND)
    return _found(single(given[0]), given[1].cells) + 1


def _found(wanted: Value, cells: Sequence[Value]) -> int:
    if wanted is None or (isinstance(wanted, str) and set("*?~") & set(wanted)):
        raise NotReckoned
    for place, cell in enumerate(cells):
        if cell is not None and not isinstance(cell, Problem) and are_equal(wanted, cell):
            return place
    raise Failed(NOT_FOUND)


def look_up(given: Sequence[Value | Area]) -> Value:
    if len(given) != 4 or not isinstance(given[1], Area) or single(given[3]) not in (0, False):
        raise NotReckoned
    area, column = given[1], whole(single(given[2]))
    if column < 1 or column > area.full_width:
        raise Failed(NO_VALUE if column < 1 else NO_CELL)
    row = _found(single(given[0]), area.cells[:: max(area.width, 1)])
    return area.cells[row * area.width + column - 1] if column <= area.width else None
