"""Tables on slides: columns as wide as their words need, rows and columns that do not fit on further slides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.documents.content import Table
from bot.documents.decks.fitting import MOST_PARTS, Area, Level, Point, needed, shortened
from bot.documents.decks.layouts import POINT, Box
from bot.documents.decks.measuring import LEADING, longest_word, widths
from bot.documents.decks.writing import legible, line, set_run
from bot.documents.tabular import is_numeric, shown
from bot.errors import ToolError

_SIZES: Final = (18.0, 16.0, 14.0, 12.0)
_MOST_SPARE: Final = 70.0
"""A small table is not pulled apart over the whole slide."""
_ASIDE, _ABOVE = 7.2, 5.0
"""The margins of a cell, in points."""
_WIDEST_WORD: Final = 150.0
_PLAIN_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_SPACE: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"


@dataclass(frozen=True, kw_only=True)
class Grid:
    """So much of a table as stands on one slide. Widths and heights in points, the first row is the head."""

    rows: tuple[tuple[Point, ...], ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    numeric: tuple[bool, ...]
    size: float
    is_cut: bool = False


def fitted(table: Table, area: Area) -> list[Grid]:
    """The whole of it, in the largest size at which it is one; else over several slides."""
    cells = [tuple(map(line, map(legible, row))) for row in [table.columns, *shown(table)]]
    numeric = is_numeric(table)
    for size in _SIZES:
        grids = list(_grids(cells, numeric, area, size))
        if len(grids) == 1:
            return grids
    if len(grids) > MOST_PARTS:
        raise ToolError(
            f"A table of {len(table.rows):,} rows and {len(table.columns)} columns would take {len(grids)} slides, "
            f"more than {MOST_PARTS}. Nothing was made. Show what matters of it, and give the whole as a workbook."
        )
    return grids


def add(slide: Any, grid: Grid, box: Box, alt: str, language: str) -> Any:
    """The shape that holds it."""
    shape = slide.shapes.add_table(
        len(grid.rows),
        len(grid.widths),
        box.left,
        box.top,
        int(sum(grid.widths) * POINT),
        int(sum(grid.heights) * POINT),
    )
    shape.name = f"Table {shape.shape_id}"
    shape._element.nvGraphicFramePr.cNvPr.set("descr", legible(alt))
    table = shape.table
    table.horz_banding = False
    shape._element.graphic.graphicData.tbl.tblPr.find(f"{{{_SPACE}}}tableStyleId").text = _PLAIN_STYLE
    for column, width in zip(table.columns, grid.widths, strict=True):
        column.width = int(width * POINT)
    for number, (row, height) in enumerate(zip(table.rows, grid.heights, strict=True)):
        row.height = int(height * POINT)
        for place, cell in enumerate(row.cells):
            _set(cell, grid.rows[number][place], grid, place, number, language)
    return shape


def _set(cell: Any, said: Point, grid: Grid, place: int, row: int, language: str) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    cell.margin_left = cell.margin_right = Pt(_ASIDE)
    cell.margin_top = cell.margin_bottom = Pt(_ABOVE)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE if row else MSO_ANCHOR.BOTTOM
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if grid.numeric[place] else PP_ALIGN.LEFT
    paragraph.font.size = Pt(grid.size)
    for run in said.runs:
        set_run(paragraph, replace(run, is_bold=run.is_bold or not row), grid.size, language)
    if not row:
        for run in paragraph.runs:
            _coloured(run.font.fill, "BACKGROUND_1")
        _coloured(cell.fill, "TEXT_2")
    else:
        cell.fill.background()
        _underlined(cell)


def _coloured(fill: Any, name: str) -> None:
    from pptx.enum.dml import MSO_THEME_COLOR

    fill.solid()
    fill.fore_color.theme_color = getattr(MSO_THEME_COLOR, name)


def _underlined(cell: Any) -> None:
    from pptx.oxml import parse_xml

    properties = cell._tc.get_or_add_tcPr()
    properties.insert(
        0,
        parse_xml(
            f'<a:lnB xmlns:a="{_SPACE}" w="9525"><a:solidFill><a:srgbClr val="C9D1DA"/></a:solidFill></a:lnB>'
        ),
    )


def _grids(
    cells: Sequence[tuple[Point, ...]], numeric: Sequence[bool], area: Area, size: float
) -> Iterator[Grid]:
    """First all rows of the first columns, then all rows of the next."""
    for places in _columns(cells, area, size):
        part = [tuple(row[place] for place in places) for row in cells]
        across = _shared(part, area, size)
        yield from _rows(part, across, tuple(numeric[place] for place in places), area, size)


def _columns(cells: Sequence[tuple[Point, ...]], area: Area, size: float) -> Iterator[list[int]]:
    """As many side by side as their longest words allow. The first column comes again: it says what a row is."""
    least = [_least(cells, place, size) for place in range(len(cells[0]))]
    places: list[int] = []
    for place, width in enumerate(least):
        if len(places) > 1 and sum(least[one] for one in places) + width > area.width:
            yield places
            places = [0] if least[0] + width <= area.width else []
        places.append(place)
    yield places


def _least(cells: Sequence[tuple[Point, ...]], place: int, size: float) -> float:
    words = (longest_word(row[place].text, _across(row[place], size, not n)) for n, row in enumerate(cells))
    return min(_WIDEST_WORD, max(words, default=0.0)) + 2 * _ASIDE + 1


def _shared(cells: Sequence[tuple[Point, ...]], area: Area, size: float) -> tuple[float, ...]:
    """The width, shared by need."""
    count = len(cells[0])
    least = [_least(cells, place, size) for place in range(count)]
    wished = [
        max(sum(_across(row[place], size, not n)) for n, row in enumerate(cells)) + 2 * _ASIDE + 1
        for place in range(count)
    ]
    wished = [min(max(one, low), area.width * 0.7) for one, low in zip(wished, least, strict=True)]
    if sum(least) >= area.width:
        return tuple(one * area.width / sum(least) for one in least)
    if sum(wished) <= area.width:
        spare = min(_MOST_SPARE, (area.width - sum(wished)) / count)
        return tuple(one + spare for one in wished)
    part = (area.width - sum(least)) / max(1e-6, sum(wished) - sum(least))
    return tuple(low + (one - low) * part for one, low in zip(wished, least, strict=True))


def _across(point: Point, size: float, is_head: bool) -> list[float]:
    return [
        one * size for one in widths([replace(run, is_bold=run.is_bold or is_head) for run in point.runs])
    ]


def _rows(
    cells: Sequence[tuple[Point, ...]],
    across: tuple[float, ...],
    numeric: tuple[bool, ...],
    area: Area,
    size: float,
) -> Iterator[Grid]:
    head, head_height, is_cut = _row(cells[0], across, size, area.height / 2, True)
    rows, heights = [head], [head_height]
    for row in cells[1:]:
        said, tall, was_cut = _row(row, across, size, area.height - head_height, False)
        if len(rows) > 1 and sum(heights) + tall > area.height:
            yield _grid(rows, heights, across, numeric, size, is_cut)
            rows, heights, is_cut = [head], [head_height], False
        rows.append(said)
        heights.append(tall)
        is_cut = is_cut or was_cut
    yield _grid(rows, heights, across, numeric, size, is_cut)


def _grid(
    rows: list[tuple[Point, ...]],
    heights: list[float],
    across: tuple[float, ...],
    numeric: tuple[bool, ...],
    size: float,
    is_cut: bool,
) -> Grid:
    return Grid(
        rows=tuple(rows), heights=tuple(heights), widths=across, numeric=numeric, size=size, is_cut=is_cut
    )


def _row(
    row: tuple[Point, ...], across: tuple[float, ...], size: float, highest: float, is_head: bool
) -> tuple[tuple[Point, ...], float, bool]:
    """What it says, its height, and whether a cell of it was too much for a slide."""
    levels = (Level(size=size, is_bold=is_head),)
    areas = [Area(width=width - 2 * _ASIDE, height=highest - 2 * _ABOVE, levels=levels) for width in across]
    said = tuple(shortened(one, area) for one, area in zip(row, areas, strict=True))
    tall = max((needed((one,), area) for one, area in zip(said, areas, strict=True)), default=0.0)
    return said, max(tall, size * LEADING) + 2 * _ABOVE, said != row
