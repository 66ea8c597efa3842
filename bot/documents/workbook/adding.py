"""A sheet added to a workbook that exists, in the letters that the workbook has."""

from __future__ import annotations

from lxml import etree

from bot.documents import cells, formulas, number_formats, sheets
from bot.documents.content import Column, Formula, Sheet
from bot.documents.formulas import address
from bot.documents.package import parsed, written
from bot.documents.workbook import grid
from bot.documents.workbook.book import Book
from bot.documents.workbook.grid import MAIN, Grid
from bot.errors import ToolError

_EMPTY = (
    f'<worksheet xmlns="{MAIN[1:-1]}"><dimension ref="A1"/><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    "<cols/><sheetData/></worksheet>"
)


def added(book: Book, sheet: Sheet) -> str:
    """Raises `ToolError` for a name that is there, a cell that is not of its kind, and for charts."""
    sheets.refuse_name(sheet.name)
    if sheet.name.casefold() in {one.casefold() for one in book.names}:
        raise ToolError(f"There is a sheet {sheet.name!r} already. Nothing was changed. Give another name.")
    if sheet.charts:
        raise ToolError("A sheet is added here without charts. Nothing was changed. Leave them out.")
    made = Grid(sheet.name, parsed(_EMPTY.encode()))
    names = [*book.names, sheet.name]
    _fill(book, made, sheet, names)
    if sheet.totals and sheet.rows:
        _sum(book, made, sheet)
    for place, width in enumerate(sheets.widths(sheet), 1):
        column = etree.SubElement(made.root.find(f"{MAIN}cols"), f"{MAIN}col", min=str(place), max=str(place))
        column.set("width", str(width))
        column.set("customWidth", "1")
    made.measured()
    book.add(sheet.name, written(made.root))
    return f"Added the sheet {sheet.name} ({len(sheet.rows):,} rows)"


def _fill(book: Book, made: Grid, sheet: Sheet, names: list[str]) -> None:
    head = book.styles.bold()
    looks = [_look(book, column) for column in sheet.columns]
    for place, column in enumerate(sheet.columns, 1):
        _put_text(book, made.made(1, place), cells.text(column.title, sheet.name), head)
    for number, row in enumerate(sheet.rows, 2):
        if len(row) != len(sheet.columns):
            raise ToolError(
                f"Row {number - 1} of sheet {sheet.name!r} has {len(row)} cells for {len(sheet.columns)} columns. "
                "Nothing was changed."
            )
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True), 1):
            cell, where = made.made(number, place), f"{sheet.name}!{address(number, place)}"
            cell.set("s", looks[place - 1])
            if isinstance(value, Formula):
                grid.put(cell, formulas.checked(value.formula, names, where), is_formula=True)
                continue
            typed = cells.typed(column, value, where)
            if isinstance(typed, str):
                _put_text(book, cell, typed, looks[place - 1])
            else:
                grid.put(cell, typed, days=book.days)


def _put_text(book: Book, cell: object, text: str, look: str) -> None:
    is_opener = text.startswith(tuple(formulas.OPENERS))
    cell.set("s", book.styles.quoted(look) if is_opener else look)  # type: ignore[attr-defined]
    grid.put(cell, text)


def _sum(book: Book, made: Grid, sheet: Sheet) -> None:
    last = len(sheet.rows) + 1
    for place, column in enumerate(sheet.columns, 1):
        cell = made.made(last + 1, place)
        if column.kind in sheets.SUMMED:
            cell.set("s", book.styles.bold(_look(book, column)))
            grid.put(cell, f"SUM({address(2, place)}:{address(last, place)})", is_formula=True)
        elif place == 1:
            _put_text(book, cell, "Total", book.styles.bold())


def _look(book: Book, column: Column) -> str:
    code = number_formats.of(column)
    return book.styles.formatted(code) if column.kind != "text" or column.format else "0"
