"""What a document is to say in words, for whoever decides of it before it is there: all of it, and no JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from bot.documents.content import (
    Block,
    Bullet,
    Cell,
    Chart,
    Charted,
    Code,
    Content,
    Diagram,
    Footnote,
    Formula,
    Heading,
    Image,
    PageBreak,
    Series,
    Sheet,
    Slide,
    Table,
    Text,
)


def content(given: Content) -> str:
    about = (given.title, given.subtitle, given.author, given.date)
    language = f"Language: {given.language}" if given.language != "en" else ""
    parts = [
        *about,
        language,
        *map(block, given.blocks),
        *map(sheet, given.sheets),
        *(f"Slide {number}: {slide(one)}" for number, one in enumerate(given.slides, 1)),
    ]
    return "\n\n".join(filter(None, parts))


def blocks(given: Sequence[Block]) -> str:
    return "\n".join(map(block, given))


def block(given: Block) -> str:
    match given:
        case Heading():
            return f"{'#' * given.level} {given.text}"
        case Text():
            return given.text
        case Code():
            return f"```{given.language}\n{given.code}\n```"
        case Footnote():
            return f"[^{given.name}]: {given.text}"
        case PageBreak():
            return "(A new page)"
    return shown(given)


def shown(given: Table | Image | Charted | Diagram) -> str:
    match given:
        case Table():
            return table(given)
        case Image():
            return _lines(f"Picture {given.path}: {given.alt}", given.caption)
        case Charted():
            return _lines(chart(given.chart), given.caption)
    return _lines(f"Diagram: {given.alt}", given.mermaid, given.caption)


def table(given: Table) -> str:
    rows = [" | ".join(map(cell, row)) for row in given.rows]
    return _lines("Table:", " | ".join(given.columns), *rows, given.caption)


def chart(given: Chart) -> str:
    """Chart “Q4” (column): EUR: North 1, South 2."""
    axes = [("along the bottom", given.x_title), ("at the side", given.y_title)]
    said = [given.kind, *(f"{where}: {title}" for where, title in axes if title)]
    title = f" “{given.title}”" if given.title else ""
    return _lines(f"Chart{title} ({', '.join(said)}):", figures(given.categories, given.series))


def figures(categories: Sequence[str], series: Sequence[Series]) -> str:
    """Of each series a line, in which every value has its name."""
    return "\n".join(f"{one.name}: {', '.join(_named(categories, one))}" for one in series)


def sheet(given: Sheet) -> str:
    heads = (
        f"{one.title} ({', '.join(filter(None, (one.kind, one.format)))})"
        if one.kind != "text" or one.format
        else one.title
        for one in given.columns
    )
    rows = [" | ".join(map(cell, row)) for row in given.rows]
    charts = [
        f"Chart{f' “{one.title}”' if one.title else ''} ({one.kind}): {', '.join(one.series)} by {one.categories}"
        for one in given.charts
    ]
    totals = "(With a last row of sums)" if given.totals else ""
    return _lines(f"Sheet {given.name}:", " | ".join(heads), *rows, totals, *charts)


def slide(given: Slide) -> str:
    drawn = [
        table(given.table) if given.table else "",
        chart(given.chart) if given.chart else "",
        shown(given.diagram) if given.diagram else "",
        shown(given.image) if given.image else "",
    ]
    right = ["On the right:", *map(_bullet, given.right)] if given.right else []
    notes = f"Notes: {given.notes}" if given.notes else ""
    return _lines(given.title, given.subtitle, *map(_bullet, given.bullets), *right, *drawn, notes)


def cell(value: Cell | Formula) -> str:
    """As people read it: a formula with its sign, text that seems one in quotes."""
    match value:
        case Formula():
            return f"={value.formula.removeprefix('=')}"
        case str():
            return f"“{value}”" if value.startswith("=") else value
        case float():
            return number(value)
    return "" if value is None else str(value)


def number(value: float) -> str:
    """With the digits that it was given with."""
    return f"{value:.15g}"


def _bullet(given: Bullet | str) -> str:
    return f"- {given}" if isinstance(given, str) else f"{'  ' * given.level}- {given.text}"


def _named(categories: Sequence[str], series: Series) -> Iterator[str]:
    for name, value in zip_longest(categories, series.values):
        yield " ".join(filter(None, (name, "none" if value is None else number(value))))


def _lines(*given: str) -> str:
    return "\n".join(filter(None, given))
