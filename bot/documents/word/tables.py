"""Tables as wide as the text: the head again on every page, no row over two, numbers at the end of their column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from bot.documents.content import Table
from bot.documents.tabular import is_numeric, shown
from bot.documents.word.xml import add_looks, made, name, turned

_NARROWEST, _WIDEST = 4, 40
_LETTER: Final = 105
"""How wide a letter is at most, about, in twips."""
_PADDING: Final = 240
_TIGHT, _SMALL = 40, 14
"""Of a table with more words side by side than there is room for: the sides of a cell, and half points."""

Runs = Callable[[str, bool], Sequence[Any]]
"""The runs of a cell's Markdown, and whether it is of the head."""


def tabled(block: Table, width: int, style: str, runs: Runs) -> Any:
    rows, right = shown(block), is_numeric(block)
    least, weights = _measured([block.columns, *rows])
    is_crowded = sum(least) > width
    widths = [width * one // sum(least) for one in least] if is_crowded else _shared(least, weights, width)
    look = made(
        "w:tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=0, noVBand=1
    )
    sides = [made(f"w:{side}", w=_TIGHT, type="dxa") for side in ("left", "right")]
    table = made(
        "w:tbl",
        made(
            "w:tblPr",
            made("w:tblStyle", val=style),
            made("w:tblW", w=sum(widths), type="dxa"),
            made("w:tblLayout", type="fixed"),
            made("w:tblCellMar", *sides) if is_crowded else None,
            look,
        ),
        made("w:tblGrid", *(made("w:gridCol", w=one) for one in widths)),
        _row(block.columns, widths, right, runs, is_head=True),
        *(_row(row, widths, right, runs) for row in rows),
    )
    if is_crowded:
        _set_small(table)
    return table


def is_crowded(block: Table, width: int) -> bool:
    """Its longest words do not stand beside each other."""
    return sum(_measured([block.columns, *shown(block)])[0]) > width


def _row(
    cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], runs: Runs, *, is_head: bool = False
) -> Any:
    set_out = zip(cells, widths, right, strict=True)
    return made(
        "w:tr",
        made("w:trPr", made("w:cantSplit"), made("w:tblHeader") if is_head else None),
        *(_cell(runs(text, is_head), width, is_number) for text, width, is_number in set_out),
    )


def _cell(runs: Sequence[Any], width: int, is_number: bool) -> Any:
    spacing = made("w:spacing", before=40, after=40, line=240, lineRule="auto")
    way = made("w:bidi") if turned(runs) else None
    look = made("w:pPr", way, spacing, made("w:jc", val="right") if is_number else None)
    return made("w:tc", made("w:tcPr", made("w:tcW", w=width, type="dxa")), made("w:p", look, *runs))


def _measured(rows: Sequence[Sequence[str]]) -> tuple[list[int], list[int]]:
    """Of each column, the room that its longest word takes, and how much there is to say."""
    columns = list(zip(*rows, strict=True))
    least = [_LETTER * min(_WIDEST, _longest_word(one)) + _PADDING for one in columns]
    return least, [min(_WIDEST, max(_NARROWEST, *map(len, one))) for one in columns]


def _shared(least: Sequence[int], weights: Sequence[int], width: int) -> list[int]:
    rest = width - sum(least)
    return [one + rest * weight // sum(weights) for one, weight in zip(least, weights, strict=True)]


def _set_small(table: Any) -> None:
    for run in table.iter(name("w:r")):
        add_looks(run, [made("w:sz", val=_SMALL)])


def _longest_word(cells: Sequence[str]) -> int:
    return max((len(word) for cell in cells for word in cell.split()), default=1)
