"""Edits of an XLSX: of its cells and its sheets; every part that they do not touch stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, assert_never

from bot.documents import cells, formulas
from bot.documents.content import Cell, Column, Formula
from bot.documents.drawing import Drawing
from bot.documents.edits import AddSheet, AppendRows, RenameSheet, SetCells, SheetEdit
from bot.documents.formula_tree import LAST_ROW, reference
from bot.documents.formulas import address
from bot.documents.package import Package
from bot.documents.workbook import adding, ending, grid, renaming, shared
from bot.documents.workbook.book import Book
from bot.documents.workbook.grid import MAIN, Grid, holds
from bot.errors import ToolError

_MOST_SHOWN = 12


def edited(package: Package, edits: Sequence[SheetEdit], drawing: Drawing) -> tuple[bytes, list[str]]:
    """The file, and what each edit came to. Raises `ToolError` for one that cannot be made."""
    book = Book(package)
    told = [_done(book, edit) for edit in edits]
    circles = book.to_be_reckoned()
    if circles:
        drawing.note(f"Formulas that read themselves, to be mended: {', '.join(circles[:_MOST_SHOWN])}.")
    return package.saved(), told


def _done(book: Book, edit: SheetEdit) -> str:
    match edit:
        case SetCells():
            return _set(book, edit)
        case AppendRows():
            return _appended(book, edit)
        case AddSheet():
            return adding.added(book, edit.sheet)
        case RenameSheet():
            return renaming.renamed(book, edit.name, edit.new_name)
    assert_never(edit)


def _set(book: Book, edit: SetCells) -> str:
    sheet = book.grid(edit.sheet)
    for name, value in edit.cells.items():
        row, column = grid.spot(name)
        _refuse_bound(book, sheet, row, column)
        shared.parted(sheet, row, column)
        book.changed.add((sheet.name.casefold(), row, column))
        _put(book, sheet, sheet.made(row, column), value)
    sheet.measured()
    names = list(edit.cells)
    more = f" and {len(names) - _MOST_SHOWN:,} more" if len(names) > _MOST_SHOWN else ""
    return f"Set {', '.join(names[:_MOST_SHOWN])}{more} of {sheet.name}"


def _appended(book: Book, edit: AppendRows) -> str:
    """Below the last row in which anything stands, looking as that one does, unless it is the head."""
    sheet = book.grid(edit.sheet)
    last = sheet.last_row()
    if last + len(edit.rows) > LAST_ROW:
        raise ToolError(
            f"A sheet has at most {LAST_ROW:,} rows. Nothing was changed. Put them on another sheet."
        )
    left = ending.told(book, sheet, last)
    _lengthen(book, sheet, last, len(edit.rows))
    ending.lengthen_rules(sheet, last, len(edit.rows))
    was_reckoned = any(len(one.findall(f"{MAIN}f")) for one in _cells_of(sheet, last))
    for number, row in enumerate(edit.rows, last + 1):
        for column in sorted({*range(1, len(row) + 1), *(sheet.columns(last) if last > 1 else ())}):
            above, cell = sheet.cell(last, column), sheet.made(number, column)
            book.changed.add((sheet.name.casefold(), number, column))
            if last > 1 and above is not None and above.get("s"):
                cell.set("s", above.get("s"))
            _put(book, sheet, cell, row[column - 1] if column <= len(row) else None, number)
    sheet.measured()
    rows = f"{last + 1}" if len(edit.rows) == 1 else f"{last + 1} to {last + len(edit.rows)}"
    warning = f"; row {last} above has formulas: see whether it is one of sums" if was_reckoned else ""
    return f"Added row {rows} to {sheet.name}{warning}{left}"


def _cells_of(sheet: Grid, row: int) -> list[Any]:
    return [sheet.cell(row, column) for column in sheet.columns(row)]


def _put(book: Book, sheet: Grid, cell: Any, value: Cell | Formula, row: int | None = None) -> None:
    where = f"{sheet.name}!{cell.get('r')}"
    if isinstance(value, Formula):
        said = value.formula if row is None else value.formula.replace("{row}", str(row))
        grid.put(cell, formulas.checked(said, book.names, where), is_formula=True)
        return
    typed = _typed(book, cell, value, where)
    grid.put(cell, typed, days=book.days)
    if isinstance(typed, str) and typed.startswith(tuple(formulas.OPENERS)):
        cell.set("s", book.styles.quoted(cell.get("s", "")))


def _typed(book: Book, cell: Any, value: Cell, where: str) -> grid.Put:
    """Text that is a day is one where the cell shows days."""
    if isinstance(value, bool) or value is None:
        return value
    if not isinstance(value, str):
        return cells.typed(Column(title="a number", kind="number"), value, where)
    if book.styles.is_day(cell.get("s", "")):
        for kind, parse in (("date", date.fromisoformat), ("datetime", datetime.fromisoformat)):
            if _is(parse, value):
                return cells.typed(Column.model_validate({"title": "a day", "kind": kind}), value, where)
    return cells.text(value, where)


def _is(parse: Any, value: str) -> bool:
    try:
        parse(value)
    except ValueError:
        return False
    return True


def _refuse_bound(book: Book, sheet: Grid, row: int, column: int) -> None:
    """A cell whose content others hold on to."""
    here = f"{sheet.name}!{address(row, column)}"
    for area in sheet.ranges(f"{MAIN}mergeCells/{MAIN}mergeCell"):
        if holds(area, row, column) and (row, column) != (area.top, area.left):
            shown = address(area.top, area.left)
            raise ToolError(f"{here} is merged into {shown}. Nothing was changed. Set {shown} instead.")
    for kind, root in _linked(book, sheet):
        area = reference(root.get("ref") if kind == "table" else root.find(f"{MAIN}location").get("ref"))
        if (
            kind == "table"
            and row == area.top
            and root.get("headerRowCount") != "0"
            and holds(area, row, column)
        ):
            raise ToolError(
                f"{here} is in the head of a table, which is not changed here. Nothing was changed."
            )
        if kind == "pivotTable" and holds(area, row, column):
            raise ToolError(
                f"{here} is in a pivot table, which fills it. Nothing was changed. Change its source."
            )


def _linked(book: Book, sheet: Grid) -> list[tuple[str, Any]]:
    """The tables and pivot tables of a sheet."""
    links = book.package.links(book.part(sheet.name))
    return [
        (kind, book.package.xml(target))
        for _, kind, target in links
        if kind in ("table", "pivotTable") and target in book.package
    ]


def _lengthen(book: Book, sheet: Grid, last: int, count: int) -> None:
    """A table and a filter that end with the last row take in the new ones."""
    grown = [sheet.root.find(f"{MAIN}autoFilter")]
    for kind, root in _linked(book, sheet):
        if kind == "pivotTable":
            continue
        if root.get("totalsRowCount", "0") != "0" and reference(root.get("ref")).bottom == last:
            raise ToolError(
                f"The table on {sheet.name!r} ends in a row of totals, and rows below it would not be in it. "
                "Nothing was changed."
            )
        grown += [root, root.find(f"{MAIN}autoFilter")]
    for one in grown:
        if one is not None and one.get("ref") and reference(one.get("ref")).bottom == last > 0:
            area = reference(one.get("ref"))
            one.set("ref", f"{address(area.top, area.left)}:{address(last + count, area.right)}")
