"""What stands on which slide: one thing or two beside each other, and what does not fit goes on to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from bot.documents.content import Chart, Slide, Table
from bot.documents.decks import fitting, layouts, tabling, writing
from bot.documents.decks.fitting import Area, Part, Point
from bot.documents.decks.layouts import Choice, Thing
from bot.documents.drawing import Drawing, Picture


@dataclass(frozen=True, kw_only=True)
class Points:
    points: tuple[Point, ...]


@dataclass(frozen=True, kw_only=True)
class Pictured:
    picture: Picture
    caption: str = ""


Pane = Points | Table | Chart | Pictured
Shown = Part | tabling.Grid | Chart | Pictured
"""What of a pane stands on one slide."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """`shown` has one for each spot of the choice, None where it stays empty."""

    choice: Choice
    shown: tuple[tuple[Pane, Shown] | None, ...] = ()


def pages(deck: Any, slide: Slide, drawing: Drawing, subtitle: int) -> Iterator[Page]:
    """In order, at least one. `subtitle` is how much room a subtitle takes at the top."""
    panes = list(_panes(slide, drawing))
    if not panes:
        yield Page(choice=layouts.section(deck))
    for start in range(0, len(panes), 2):
        yield from _beside(deck, panes[start : start + 2], subtitle)


def thing(pane: Pane) -> Thing:
    match pane:
        case Points():
            return "text"
        case Table():
            return "table"
        case Chart():
            return "chart"
        case Pictured():
            return "picture"
    assert_never(pane)


def _panes(slide: Slide, drawing: Drawing) -> Iterator[Pane]:
    for side in (slide.bullets, slide.right):
        if side:
            yield Points(points=tuple(map(writing.point, side)))
    if slide.table:
        yield slide.table
    if slide.chart:
        yield slide.chart
    for one in (slide.diagram, slide.image):
        if one:
            yield Pictured(picture=drawing.picture(one), caption=one.caption)


def _beside(deck: Any, panes: Sequence[Pane], subtitle: int) -> Iterator[Page]:
    """Two that are too much for one slide: texts go on beside each other, others after each other."""
    choice = layouts.content(deck, [thing(pane) for pane in panes])
    parts = [_parts(pane, _room(spot.area, subtitle)) for pane, spot in zip(panes, choice.spots, strict=True)]
    longest = max(map(len, parts))
    if len(panes) > 1 and longest > 1 and not all(isinstance(pane, Points) for pane in panes):
        for pane in panes:
            yield from _beside(deck, [pane], subtitle)
        return
    for number in range(longest):
        yield Page(
            choice=choice,
            shown=tuple(
                (pane, part[number]) if number < len(part) else None
                for pane, part in zip(panes, parts, strict=True)
            ),
        )


def _room(area: Area, taken: int) -> Area:
    return Area(width=area.width, height=area.height - taken / layouts.POINT, levels=area.levels)


def _parts(pane: Pane, area: Area) -> Sequence[Shown]:
    match pane:
        case Points():
            return fitting.fitted(pane.points, area)
        case Table():
            return tabling.fitted(pane, area)
        case Chart() | Pictured():
            return [pane]
    assert_never(pane)
