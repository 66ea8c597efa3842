"""The layouts of a deck: which places each has, how large, and how text in them is set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from bot.documents.decks.fitting import Area, Level

POINT: Final = 12_700
"""The units of a slide in a point."""
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_CONTENT: Final = ("obj", "body", "tbl", "chart", "pic", "media", "clipArt", "dgm")
_TAKES: Final = {
    "text": ("obj", "body"),
    "table": ("obj", "tbl", "body"),
    "chart": ("obj", "chart", "body"),
    "picture": ("obj", "pic", "clipArt", "media", "dgm", "body"),
}
_LEVELS: Final = 3
_USUAL_LEADING: Final = 20.0
_SMALL_PART: Final = 0.15
"""Places that take less than this of the slide are for captions and the like."""

FOOT: Final = ("ftr", "sldNum", "dt")

Thing = Literal["text", "table", "chart", "picture"]


@dataclass(frozen=True, kw_only=True)
class Box:
    """In the units of a slide (EMU)."""

    left: int
    top: int
    width: int
    height: int

    @property
    def extent(self) -> int:
        return self.width * self.height

    def below(self, height: int) -> Box:
        """Without so much at its top."""
        return Box(
            left=self.left,
            top=self.top + height,
            width=self.width,
            height=max(POINT * 20, self.height - height),
        )


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place to be filled: a placeholder of the layout, or with `index` None a box of our own."""

    box: Box
    area: Area
    index: int | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """`layout` is the library's; `is_own` where boxes of our own stand in for what the template lacks."""

    layout: Any
    title: Spot | None
    spots: tuple[Spot, ...] = ()
    is_own: bool = False


def title_page(deck: Any) -> Choice:
    """With one place besides the title, for the subtitle."""
    return _opening(deck, ("title",), ("title slide", "titelfolie", "cover", "diapositive de titre"))


def section(deck: Any) -> Choice:
    return _opening(deck, ("secHead", "titleOnly", "title"), ("section", "abschnitt", "divider"))


def content(deck: Any, things: Sequence[Thing]) -> Choice:
    """With a place for each of the things, in reading order."""
    for master in deck.slide_masters:  # those after the first serve where it does not
        found = [choice for layout in master.slide_layouts if (choice := _holding(deck, layout, things))]
        if found:
            return min(found, key=lambda choice: _misfit(choice, len(things)))
    return _with_boxes(deck, len(things))


def _opening(deck: Any, types: Sequence[str], names: Sequence[str]) -> Choice:
    ranked: list[tuple[int, int, Any]] = []
    for number, layout in enumerate(deck.slide_layouts):
        kind = layout.element.get("type", "")
        rank = types.index(kind) if kind in types else 20
        if any(name in layout.name.casefold() for name in names):
            rank = min(rank, 1)
        ranked.append((rank + (40 if _title(layout) is None else 0), number, layout))
    layout = min(ranked, key=lambda one: one[:2])[2]
    title = _title(layout)
    others = [one for one in _places(layout) if _kind(one) in ("subTitle", "body", "obj")]
    return Choice(
        layout=layout,
        title=spot(title) if title is not None else None,
        spots=tuple(_above_foot(spot(one), layout) for one in others[:1]),
    )


def _holding(deck: Any, layout: Any, things: Sequence[Thing]) -> Choice | None:
    title = _title(layout)
    places = [one for one in _places(layout) if _kind(one) in _CONTENT]
    large = [one for one in places if _extent(one) >= _SMALL_PART / len(things) * _extent(deck)]
    if title is None or layout.element.get("type") in ("title", "secHead") or len(large) < len(things):
        return None
    chosen = large[: len(things)]
    if any(_kind(one) not in _TAKES[thing] for one, thing in zip(chosen, things, strict=True)):
        return None
    spots = tuple(_above_foot(spot(one), layout) for one in chosen)
    return Choice(layout=layout, title=spot(title), spots=spots) if _are_apart(spots) else None


def _above_foot(place: Spot, layout: Any) -> Spot:
    """Some templates let their text run into the number and the date."""
    box = place.box
    tops = [
        one.top
        for one in layout.placeholders
        if _kind(one) in FOOT
        and one.left < box.left + box.width
        and box.left < one.left + one.width
        and box.top + box.height // 2 < one.top < box.top + box.height
    ]
    if not tops:
        return place
    lost = box.top + box.height - min(tops)
    area = replace(place.area, height=place.area.height - lost / POINT)
    return replace(place, box=replace(box, height=box.height - lost), area=area)


def _misfit(choice: Choice, count: int) -> tuple[int, int, float]:
    """Fewest empty places first; then what the format knows by its type; then the largest."""
    usual = ("obj", "tx") if count == 1 else ("twoObj", "twoTxTwoObj")
    places = [one for one in _places(choice.layout) if _kind(one) in (*_CONTENT, "subTitle")]
    is_usual = choice.layout.element.get("type") in usual
    return (len(places) - count, 0 if is_usual else 1, -sum(spot.box.extent for spot in choice.spots))


def _with_boxes(deck: Any, count: int) -> Choice:
    """The barest layout with a title, and boxes of our own below the title."""
    titled = [layout for layout in deck.slide_layouts if _title(layout) is not None]
    layout = min(titled or list(deck.slide_layouts), key=lambda one: len(_places(one)))
    width, height = deck.slide_width, deck.slide_height
    margin, gap = width // 20, width // 30
    title = _at_top(_title(layout), width, height)
    top = title.box.top + title.box.height + height // 40 if title else margin
    across = (width - 2 * margin - gap * (count - 1)) // count
    levels = tuple(
        Level(size=size, indent=22.0 * (number + 1), before=6) for number, size in enumerate((20, 18, 16))
    )
    boxes = [
        Box(left=margin + number * (across + gap), top=top, width=across, height=height - top - height // 9)
        for number in range(count)
    ]
    spots = tuple(Spot(box=box, area=inside(box, levels)) for box in boxes)
    return Choice(layout=layout, title=title, spots=spots, is_own=True)


def _at_top(title: Any, width: int, height: int) -> Spot | None:
    """Where the layout has it, unless that leaves no room below."""
    found = spot(title) if title is not None else None
    if found is None or found.box.top + found.box.height < height // 3:
        return found
    box = Box(left=width // 20, top=height // 20, width=width - width // 10, height=height // 6)
    return Spot(box=box, area=inside(box, found.area.levels), index=found.index)


def inside(box: Box, levels: tuple[Level, ...]) -> Area:
    """Of a box without margins."""
    return Area(width=box.width / POINT, height=box.height / POINT, levels=levels)


def _title(layout: Any) -> Any:
    return next((one for one in layout.placeholders if _kind(one) in ("title", "ctrTitle")), None)


def _places(layout: Any) -> list[Any]:
    """In reading order. What is written from top to bottom is not for us."""
    found = [
        one
        for one in layout.placeholders
        if _kind(one) in (*_CONTENT, "subTitle") and one.element.ph.get("orient") != "vert" and one.width
    ]
    return sorted(found, key=lambda one: (one.left, one.top))


def _kind(place: Any) -> str:
    return str(place.element.ph.get("type", "obj"))


def _extent(thing: Any) -> int:
    if hasattr(thing, "slide_width"):
        return int(thing.slide_width * thing.slide_height)
    return int(thing.width * thing.height)


def _are_apart(spots: Sequence[Spot]) -> bool:
    boxes = [spot.box for spot in spots]
    return all(
        one.left + one.width <= other.left or other.left + other.width <= one.left
        for number, one in enumerate(boxes)
        for other in boxes[number + 1 :]
    )


def spot(place: Any) -> Spot:
    """Where a placeholder of a layout is, and how text in it is set."""
    box = Box(left=place.left or 0, top=place.top or 0, width=place.width or 0, height=place.height or 0)
    bodies = [one.find(f"{_P}txBody/{_A}bodyPr") for one in _ancestry(place)]
    left, top, right, bottom = (
        int(next((value for body in bodies if body is not None and (value := body.get(name))), usual))
        for name, usual in (("lIns", 91_440), ("tIns", 45_720), ("rIns", 91_440), ("bIns", 45_720))
    )
    area = Area(
        width=(box.width - left - right) / POINT,
        height=(box.height - top - bottom) / POINT,
        levels=tuple(_level(place, number) for number in range(1, _LEVELS + 1)),
    )
    return Spot(box=box, area=area, index=place.placeholder_format.idx)


def _ancestry(place: Any) -> Iterator[Any]:
    """The placeholder and the one of the master that it takes after."""
    yield place.element
    kind = _kind(place)
    wanted = "title" if kind == "ctrTitle" else kind if kind in ("title", *FOOT) else "body"
    for one in place.part.slide_layout.slide_master.placeholders:
        if _kind(one) == wanted:
            yield one.element


def _styles(place: Any) -> Iterator[Any]:
    for one in _ancestry(place):
        if (style := one.find(f"{_P}txBody/{_A}lstStyle")) is not None:
            yield style
    master = place.part.slide_layout.slide_master.element
    name = "titleStyle" if _kind(place) in ("title", "ctrTitle") else "bodyStyle"
    if (style := master.find(f"{_P}txStyles/{_P}{name}")) is not None:
        yield style


def _level(place: Any, number: int) -> Level:
    found = [one for style in _styles(place) if (one := style.find(f"{_A}lvl{number}pPr")) is not None]
    if not found and number > 1:
        return _level(place, 1)
    runs = [one for style in found if (one := style.find(f"{_A}defRPr")) is not None]
    size = int(next((value for run in runs if (value := run.get("sz"))), 1800)) / 100
    return Level(
        size=size,
        indent=int(next((value for one in found if (value := one.get("marL"))), 0)) / POINT,
        before=_spaced(found, "spcBef", size) + _spaced(found, "spcAft", size),
        leading=_spaced(found, "lnSpc", 1.0) or 1.0,
        is_bold=next((value for run in runs if (value := run.get("b"))), "0") in ("1", "true"),
    )


def _spaced(styles: Sequence[Any], name: str, whole: float) -> float:
    """Space in points, or of the whole. A leading given in points is taken as that of a text of usual size."""
    for one in styles:
        if (percent := one.find(f"{_A}{name}/{_A}spcPct")) is not None:
            return int(str(percent.get("val")).rstrip("%")) / 100_000 * whole
        if (points := one.find(f"{_A}{name}/{_A}spcPts")) is not None:
            return int(points.get("val")) / 100 / (_USUAL_LEADING if name == "lnSpc" else 1)
    return 0.0
