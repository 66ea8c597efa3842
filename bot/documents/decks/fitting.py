"""A text within its area: as it is, else smaller, else in parts for several slides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.documents.decks.measuring import LEADING, lines, widths
from bot.documents.markdown import Run
from bot.errors import ToolError

SMALLEST = 12.0
"""No text is made smaller than this, in points."""
MOST_PARTS = 20
_SCALES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6)
LEAST_SCALE = _SCALES[-1]
_SIZE_WHEN_SPLIT = 20.0
"""What goes on over several slides has no need to be small, nor larger than is easily read."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """How a paragraph of it is set, in points."""

    size: float = 18.0
    indent: float = 0.0
    before: float = 0.0
    leading: float = 1.0
    is_bold: bool = False


@dataclass(frozen=True, kw_only=True)
class Area:
    """In points, without its margins. `levels` are how texts in it are set."""

    width: float
    height: float
    levels: tuple[Level, ...]

    def level(self, number: int) -> Level:
        return self.levels[min(number, len(self.levels) - 1)]


@dataclass(frozen=True, kw_only=True)
class Point:
    """One paragraph, bulleted where its place has bullets."""

    runs: tuple[Run, ...]
    level: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What stands in one area. `scale` is by how much smaller than its levels."""

    points: tuple[Point, ...]
    scale: float = 1.0

    def size(self, level: Level) -> float:
        return sized(level, self.scale)


def sized(level: Level, scale: float) -> float:
    """What is small by itself stays so."""
    return level.size if scale == 1 else max(min(SMALLEST, level.size), float(int(level.size * scale)))


def fitted(points: Sequence[Point], area: Area) -> list[Part]:
    """In reading order; one part where all of it fits. Raises `ToolError` for what is no text for slides."""
    if not points:
        return []
    if whole := _whole(points, area):
        return [whole]
    return _balanced(points, area, max(LEAST_SCALE, min(0.9, _SIZE_WHEN_SPLIT / area.level(0).size)))


def begun(points: Sequence[Point], area: Area) -> tuple[Part, bool]:
    """As much of it as fits in one area, with "…" where there was more, and whether there was."""
    if whole := _whole(points, area):
        return whole, False
    pieces = [piece for point in points for piece in _pieces(point, area, LEAST_SCALE)]
    part = _filled(pieces, area, LEAST_SCALE, area.height)[0]
    return replace(part, points=(*part.points[:-1], _ended(part.points[-1]))), True


def needed(points: Sequence[Point], area: Area) -> float:
    """The height it takes unshrunk."""
    return _height(points, area, 1.0)


def shortened(point: Point, area: Area) -> Point:
    """As much of it as fits in the area, with "…" where there was more."""
    first = next(_pieces(point, area, 1.0))
    return point if first == point else _ended(first)


def _ended(point: Point) -> Point:
    return replace(point, runs=(*_cut(point.runs, max(0, len(point.text) - 2))[0], Run(text="…")))


def _whole(points: Sequence[Point], area: Area) -> Part | None:
    fits = (scale for scale in _SCALES if _height(points, area, scale) <= area.height)
    scale = next(fits, None)
    return None if scale is None else Part(points=tuple(points), scale=scale)


def _height(points: Sequence[Point], area: Area, scale: float) -> float:
    return sum(_tall(point, area, scale, is_first=not number) for number, point in enumerate(points))


def _tall(point: Point, area: Area, scale: float, *, is_first: bool = False) -> float:
    level = area.level(point.level)
    count = sum(1 for _ in _ends(point, area, scale))
    before = 0.0 if is_first else level.before * min(1.0, scale)
    return count * _line(level, scale) + before


def _line(level: Level, scale: float) -> float:
    return sized(level, scale) * LEADING * level.leading


def _ends(point: Point, area: Area, scale: float) -> Iterator[int]:
    level = area.level(point.level)
    runs = [replace(run, is_bold=run.is_bold or level.is_bold) for run in point.runs]
    room = max(1.0, (area.width - level.indent) / sized(level, scale))
    return lines(point.text, widths(runs), room)


def _balanced(points: Sequence[Point], area: Area, scale: float) -> list[Part]:
    """As few parts as it takes, about equally full."""
    pieces = [piece for point in points for piece in _pieces(point, area, scale)]
    count = len(_filled(pieces, area, scale, area.height))
    if count > MOST_PARTS:
        raise ToolError(
            f"A text of {sum(len(point.text) for point in points):,} characters would take {count} slides. "
            "Nothing was made. Say it in a few points, and put the rest into notes or a document."
        )
    even = _height(pieces, area, scale) / count
    for step in range(20):
        height = min(area.height, even * (1 + step / 20))
        parts = _filled(pieces, area, scale, height)
        if len(parts) <= count:
            return parts
    return _filled(pieces, area, scale, area.height)


def _filled(pieces: Sequence[Point], area: Area, scale: float, height: float) -> list[Part]:
    parts: list[list[Point]] = [[]]
    taken = 0.0
    for piece in pieces:
        tall = _tall(piece, area, scale, is_first=not parts[-1])
        if parts[-1] and taken + tall > height:
            parts.append([])
            taken, tall = 0.0, _tall(piece, area, scale, is_first=True)
        parts[-1].append(piece)
        taken += tall
    return [Part(points=tuple(part), scale=scale) for part in parts]


def _pieces(point: Point, area: Area, scale: float) -> Iterator[Point]:
    """One paragraph that is higher than the area in pieces that are not."""
    most = max(1, int(area.height / _line(area.level(point.level), scale)))
    ends = list(_ends(point, area, scale))
    start, rest = 0, point.runs
    for end in [*ends[most - 1 : -1 : most], len(point.text)]:
        head, rest = _cut(rest, end - start)
        start = end
        yield replace(point, runs=head)


def _cut(runs: tuple[Run, ...], at: int) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    head: list[Run] = []
    for number, run in enumerate(runs):
        if at < len(run.text):
            behind = (replace(run, text=run.text[at:]), *runs[number + 1 :])
            return ((*head, replace(run, text=run.text[:at])), behind) if at else (tuple(head), behind)
        head.append(run)
        at -= len(run.text)
    return tuple(head), ()
