"""XLSX: cells of their types, formulas that were called so, and charts that follow the cells."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from bot.documents import formulas, packed
from bot.documents.content import Cell, Column, Content, Formula, Sheet, SheetChart
from bot.documents.drawing import Drawing
from bot.errors import ToolError

_FORMATS = {
    "text": "@",
    "number": "#,##0.00",
    "integer": "#,##0",
    "currency": "#,##0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
    "boolean": "General",
}
_SUMMED = ("number", "integer", "currency")
_NUMBERS = ("number", "integer", "currency", "percent")
_LONGEST_CELL = 32_767
_WIDEST, _NARROWEST = 60, 8
_ROWS_MEASURED = 200
_LONG_AGO = datetime(2000, 1, 1)
_HEAD = "1F3864"


def written(content: Content, drawing: Drawing, template: bytes | None) -> bytes:
    """Raises `ToolError` naming sheet, row and column of a cell that is not of its column's kind."""
    from openpyxl import Workbook

    if template:
        raise ToolError("A workbook takes no template here: edit a copy of it with edit_document instead.")
    names = _names(content.sheets)
    workbook = Workbook()
    workbook.remove(workbook.active)
    for sheet in content.sheets:
        _filled(workbook.create_sheet(sheet.name), sheet, names)
    properties = workbook.properties
    properties.title, properties.creator = content.title or None, content.author or "Cowork"
    properties.created = properties.modified = _LONG_AGO
    workbook.calculation.fullCalcOnLoad = True
    file = io.BytesIO()
    workbook.save(file)
    for word in formulas.told(content.sheets):
        drawing.note(word)
    return packed.steady(file.getvalue())


def _names(sheets: Iterable[Sheet]) -> list[str]:
    names = [sheet.name for sheet in sheets]
    if len({name.casefold() for name in names}) < len(names):
        raise ToolError("Two sheets have the same name. Give each its own.")
    return names


def _filled(target: Any, sheet: Sheet, names: list[str]) -> None:
    target.append([column.title for column in sheet.columns])
    for number, row in enumerate(sheet.rows, 2):
        if len(row) != len(sheet.columns):
            raise ToolError(
                f"Row {number - 1} of sheet {sheet.name!r} has {len(row)} cells for {len(sheet.columns)} columns."
            )
        for place, (column, value) in enumerate(zip(sheet.columns, row, strict=True), 1):
            _put(target.cell(number, place), column, value, sheet, names)
    if sheet.totals:
        _summed(target, sheet)
    _dressed(target, sheet)
    for number, chart in enumerate(sheet.charts):
        _charted(target, sheet, chart, number)


def _put(cell: Any, column: Column, value: Cell | Formula, sheet: Sheet, names: list[str]) -> None:
    cell.number_format = column.format or _FORMATS[column.kind]
    if value is None:
        return
    if isinstance(value, Formula):
        cell.value = f"={formulas.checked(value.formula, names, f'{sheet.name}!{cell.coordinate}')}"
        if column.kind == "text":
            cell.number_format = "General"
        return
    try:
        cell.value = _typed(column, value)
    except ValueError:
        raise ToolError(
            f"{sheet.name}!{cell.coordinate} ({column.title}) is to be a {column.kind}, and {value!r} is none."
        ) from None
    if isinstance(cell.value, str):
        cell.data_type = "s"  # whatever it begins with
        cell.quotePrefix = cell.value.startswith(tuple(formulas.OPENERS))


def _typed(column: Column, value: Cell) -> Any:
    match column.kind:
        case "text":
            return _text(str(value))
        case "boolean":
            return _boolean(value)
        case "date":
            return date.fromisoformat(str(value))
        case "datetime":
            return datetime.fromisoformat(str(value)).replace(tzinfo=None)
        case "integer":
            return _number(value, int)
    return _number(value, float)


def _text(value: str) -> str:
    """As a workbook can hold it."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if len(value) > _LONGEST_CELL:
        raise ToolError(
            f"A cell holds at most {_LONGEST_CELL:,} characters. Shorten it, or put it into a file."
        )
    return str(ILLEGAL_CHARACTERS_RE.sub("", value.encode("utf-8", "replace").decode()))


def _boolean(value: Cell) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(value)


def _number(value: Cell, kind: type[int] | type[float]) -> int | float:
    if isinstance(value, bool | str) or value is None or kind(value) != value:
        raise ValueError(value)
    return value


def _summed(target: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Border, Font, Side
    from openpyxl.utils import get_column_letter

    last = len(sheet.rows) + 1
    for place, column in enumerate(sheet.columns, 1):
        cell = target.cell(last + 1, place)
        if column.kind in _SUMMED and sheet.rows:
            letter = get_column_letter(place)
            cell.value = f"=SUM({letter}2:{letter}{last})"
            cell.number_format = column.format or _FORMATS[column.kind]
        elif place == 1:
            cell.value = "Total"
        cell.font, cell.border = Font(bold=True), Border(top=Side(style="thin"))


def _dressed(target: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for place, column in enumerate(sheet.columns, 1):
        head = target.cell(1, place)
        head.data_type = "s"
        head.font, head.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor=_HEAD)
        right = column.kind in _NUMBERS
        head.alignment = Alignment(horizontal="right" if right else "left", vertical="center", wrap_text=True)
        target.column_dimensions[get_column_letter(place)].width = _width(sheet, place - 1)
    target.freeze_panes = "A2"
    if sheet.rows:
        target.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    target.page_setup.orientation, target.page_setup.fitToHeight = "landscape", 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.print_title_rows = "1:1"


def _width(sheet: Sheet, place: int) -> float:
    column = sheet.columns[place]
    shown = [len(_look(row[place], column)) for row in sheet.rows[:_ROWS_MEASURED]]
    return float(min(_WIDEST, max(_NARROWEST, len(column.title) + 4, *shown, 0) + 2))


def _look(value: Cell | Formula, column: Column) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,.2f}" if column.kind != "integer" else f"{value:,}"
    return "" if value is None or isinstance(value, Formula) else str(value).split("\n", 1)[0]


def _charted(target: Any, sheet: Sheet, chart: SheetChart, number: int) -> None:
    from openpyxl.chart import AreaChart, BarChart, LineChart, PieChart, Reference, ScatterChart
    from openpyxl.chart import Series as Line
    from openpyxl.utils import get_column_letter

    kinds = {"bar": BarChart, "column": BarChart, "line": LineChart, "area": AreaChart, "pie": PieChart}
    drawn = kinds.get(chart.kind, ScatterChart)()
    if chart.kind in ("bar", "column"):
        drawn.type = "bar" if chart.kind == "bar" else "col"
    last = len(sheet.rows) + 1
    names = Reference(target, min_col=_place(sheet, chart.categories), min_row=2, max_row=last)
    for title in chart.series:
        place = _place(sheet, title)
        if chart.kind == "scatter":
            values = Reference(target, min_col=place, min_row=2, max_row=last)
            drawn.series.append(Line(values, names, title=title))
        else:
            drawn.add_data(Reference(target, min_col=place, min_row=1, max_row=last), titles_from_data=True)
    if chart.kind != "scatter":
        drawn.set_categories(names)
    drawn.title, drawn.width, drawn.height = chart.title or None, 18, 9
    if chart.kind != "pie":
        drawn.x_axis.delete = drawn.y_axis.delete = False
    target.add_chart(drawn, f"{get_column_letter(len(sheet.columns) + 2)}{2 + number * 20}")


def _place(sheet: Sheet, title: str) -> int:
    for place, column in enumerate(sheet.columns, 1):
        if column.title == title:
            return place
    raise ToolError(f"Sheet {sheet.name!r} has no column {title!r} for its chart.")
