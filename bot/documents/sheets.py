"""XLSX: cells of their types, formulas that were called so, and charts that follow the cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from bot.documents import cells, formulas, number_formats, packed, sheet_charts
from bot.documents.content import Cell, Column, Content, Formula, Sheet
from bot.documents.drawing import Drawing
from bot.documents.workbook import reckoned
from bot.errors import ToolError

SUMMED: Final = ("number", "integer", "currency")
_SIDES = {"text": "left", "date": "left", "datetime": "left", "boolean": "center"}
_FONT, _SIZE = "Calibri", 11
_LINE, _HIGHEST = 15.0, 409.0  # points
_WIDEST, _NARROWEST = 60, 8
_ROWS_MEASURED = 200
_LONG_AGO = datetime(2000, 1, 1)
_HEAD = "1F3864"
_RESERVED = "history"  # by Excel


def written(content: Content, drawing: Drawing, template: bytes | None) -> bytes:
    """Raises `ToolError` naming sheet, row and column of a cell that is not of its column's kind."""
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    if template:
        raise ToolError("A workbook takes no template here: edit a copy of it with edit_document instead.")
    names = _names(content.sheets)
    workbook = Workbook()
    workbook.remove(workbook.active)
    for sheet in content.sheets:
        _filled(workbook.create_sheet(sheet.name), sheet, names)
    properties = workbook.properties
    properties.title = cells.legible(content.title) or None
    properties.creator = cells.legible(content.author) or "Cowork"
    properties.created = properties.modified = _LONG_AGO
    workbook.calculation.fullCalcOnLoad = True
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        ExcelWriter(workbook, archive).save()  # Workbook.save would write down when it was
    values = reckoned.reckoned(workbook) if _has_formulas(content.sheets) else {}
    for word in formulas.told(content.sheets):
        drawing.note(word)
    return packed.steady(file.getvalue(), reckoned.filed(file.getvalue(), names, values))


def refuse_name(name: str) -> None:
    """A name of a sheet that Excel would not open."""
    if not name.strip() or not name.isprintable() or name[0] == "'" or name[-1] == "'":
        raise ToolError(f"{name!r} cannot be the name of a sheet. Give it another: letters, digits, spaces.")
    if name.casefold() == _RESERVED:
        raise ToolError(f"Excel keeps the name {name!r} for itself. Give the sheet another.")


def widths(sheet: Sheet) -> list[float]:
    """Of its columns, in characters."""
    return [_width(sheet, place) for place in range(len(sheet.columns))]


def _has_formulas(sheets: Iterable[Sheet]) -> bool:
    return any(
        one.totals or any(isinstance(cell, Formula) for row in one.rows for cell in row) for one in sheets
    )


def _names(sheets: Iterable[Sheet]) -> list[str]:
    names = [sheet.name for sheet in sheets]
    for name in names:
        refuse_name(name)
    if len({name.casefold() for name in names}) < len(names):
        raise ToolError("Two sheets have the same name. Give each its own.")
    return names


def _filled(target: Any, sheet: Sheet, names: list[str]) -> None:
    looks = [number_formats.of(column) for column in sheet.columns]
    for place, column in enumerate(sheet.columns, 1):
        _put_text(target.cell(1, place), cells.text(column.title, f"{sheet.name}, column {place}"))
    for number, row in enumerate(sheet.rows, 2):
        if len(row) != len(sheet.columns):
            raise ToolError(
                f"Row {number - 1} of sheet {sheet.name!r} has {len(row)} cells for {len(sheet.columns)} columns."
            )
        _fill_row(target, number, sheet, row, looks, names)
    if sheet.totals:
        _summed(target, sheet, looks)
    _dressed(target, sheet)
    sheet_charts.put(target, sheet)


def _fill_row(
    target: Any, number: int, sheet: Sheet, row: list[Cell | Formula], looks: list[str], names: list[str]
) -> None:
    """With room for the lines of a text: not every spreadsheet makes it by itself."""
    from openpyxl.styles import Alignment

    lines = max(_lines(value) for value in row)
    if lines > 1:
        target.row_dimensions[number].height = min(lines * _LINE, _HIGHEST)
    for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True), 1):
        cell = target.cell(number, place)
        cell.number_format = looks[place - 1]
        _put(cell, column, value, f"{sheet.name}!{cell.coordinate}", names)
        side = _SIDES.get(column.kind) if column.kind != "text" else None
        if side or lines > 1:
            wraps = lines > 1 and column.kind == "text"
            cell.alignment = Alignment(
                horizontal=side,
                vertical="top" if lines > 1 else None,
                wrap_text=wraps,
                indent=side == "left",  # so that it does not touch a number before it
            )


def _put(cell: Any, column: Column, value: Cell | Formula, where: str, names: list[str]) -> None:
    if isinstance(value, Formula):
        cell.value = f"={formulas.checked(value.formula, names, where)}"
        if column.kind == "text":
            cell.number_format = "General"
        return
    typed = cells.typed(column, value, where)
    if isinstance(typed, str):
        _put_text(cell, typed)
    else:
        cell.value = typed


def _put_text(cell: Any, text: str) -> None:
    """As text whatever it begins with: also for whoever goes into the cell and out again."""
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(tuple(formulas.OPENERS))


def _lines(value: Cell | Formula) -> int:
    return sum(-(-len(line) // _WIDEST) or 1 for line in value.split("\n")) if isinstance(value, str) else 1


def _summed(target: Any, sheet: Sheet, looks: list[str]) -> None:
    from openpyxl.styles import Border, Font, Side
    from openpyxl.utils import get_column_letter

    last = len(sheet.rows) + 1
    for place, column in enumerate(sheet.columns, 1):
        cell = target.cell(last + 1, place)
        if column.kind in SUMMED and sheet.rows:
            letter = get_column_letter(place)
            cell.value = f"=SUM({letter}2:{letter}{last})"
            cell.number_format = looks[place - 1]
        elif place == 1:
            cell.value = "Total"
        cell.font = Font(name=_FONT, sz=_SIZE, bold=True)
        cell.border = Border(top=Side(style="thin"))


def _dressed(target: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for place, (column, width) in enumerate(zip(sheet.columns, widths(sheet), strict=True), 1):
        head = target.cell(1, place)
        head.font = Font(name=_FONT, sz=_SIZE, bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor=_HEAD)
        side = _SIDES.get(column.kind, "right")
        is_apart = column.kind in ("date", "datetime")
        head.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True, indent=is_apart)
        target.column_dimensions[get_column_letter(place)].width = width
    target.freeze_panes = "A2"
    if sheet.rows:
        target.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    target.page_setup.orientation, target.page_setup.fitToHeight = "landscape", 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.print_title_rows = "1:1"


def _width(sheet: Sheet, place: int) -> float:
    """Room for what is shown, the head's arrow and, in a column that is summed, a sum ten times as large."""
    column = sheet.columns[place]
    shown = [len(_look(row[place], column)) for row in sheet.rows[:_ROWS_MEASURED]]
    sums = 2 if sheet.totals and column.kind in SUMMED else 0
    return float(min(_WIDEST, max(_NARROWEST, len(column.title) + 4, *(one + sums for one in shown), 0) + 2))


def _look(value: Cell | Formula, column: Column) -> str:
    if isinstance(value, Formula):
        return " " * 12
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (f"{value:,.2f}" if column.kind != "integer" else f"{value:,.0f}") + " " * column.format.count(
            "$"
        )
    return "" if value is None else str(value).split("\n", 1)[0]
