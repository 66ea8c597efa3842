"""Charts of a sheet: of its columns, so that they change with the cells, in the colours of all our charts."""

from __future__ import annotations

from typing import Any, Final

from bot.documents.charts import COLOURS
from bot.documents.content import Column, Formula, Sheet, SheetChart
from bot.errors import ToolError

_WIDTH, _HEIGHT = 18.0, 9.0  # cm
_ROWS_HIGH: Final = 20
_NUMBERS: Final = ("number", "integer", "currency", "percent")


def put(target: Any, sheet: Sheet) -> None:
    """To the right of the table, one below the other."""
    from openpyxl.utils import get_column_letter

    corner = get_column_letter(len(sheet.columns) + 2)
    for number, chart in enumerate(sheet.charts):
        if not sheet.rows:
            raise ToolError(f"Sheet {sheet.name!r} has no rows for its chart. Give rows, or leave it out.")
        target.add_chart(_drawn(target, sheet, chart), f"{corner}{2 + number * _ROWS_HIGH}")


def _drawn(target: Any, sheet: Sheet, chart: SheetChart) -> Any:
    from openpyxl.chart import AreaChart, BarChart, LineChart, PieChart, ScatterChart

    kinds = {"bar": BarChart, "column": BarChart, "line": LineChart, "area": AreaChart, "pie": PieChart}
    drawn = kinds.get(chart.kind, ScatterChart)()
    if chart.kind in ("bar", "column"):
        drawn.type = "bar" if chart.kind == "bar" else "col"
    _fill(drawn, target, sheet, chart)
    for number, line in enumerate(drawn.series):
        _paint(line, chart.kind, COLOURS[number % len(COLOURS)])
    _dress(drawn, sheet, chart)
    return drawn


def _fill(drawn: Any, target: Any, sheet: Sheet, chart: SheetChart) -> None:
    from openpyxl.chart import Reference
    from openpyxl.chart import Series as Line

    last = len(sheet.rows) + 1
    if chart.kind == "pie" and len(chart.series) > 1:
        raise ToolError("A pie shows one column. Take a column chart for several.")
    names = Reference(target, min_col=_place(sheet, chart.categories), min_row=2, max_row=last)
    if chart.kind == "scatter":
        _refuse_words(sheet, chart.categories)
    for title in chart.series:
        place = _place(sheet, title)
        _refuse_words(sheet, title)
        values = Reference(target, min_col=place, min_row=1, max_row=last)
        if chart.kind == "scatter":
            drawn.series.append(Line(values, names, title_from_data=True))
        else:
            drawn.add_data(values, titles_from_data=True)
    if chart.kind != "scatter":
        drawn.set_categories(names)


def _paint(line: Any, kind: str, colour: str) -> None:
    colour = colour.lstrip("#")
    look = line.graphicalProperties
    if kind == "pie":
        _slices(line)
    elif kind == "scatter":
        look.line.noFill = True
        line.marker.symbol, line.marker.size = "circle", 7
        line.marker.graphicalProperties.solidFill = colour
        line.marker.graphicalProperties.line.solidFill = colour
    elif kind == "line":
        look.line.solidFill, look.line.width = colour, 28_575
        line.smooth = False
    else:
        look.solidFill = look.line.solidFill = colour


def _slices(line: Any) -> None:
    from openpyxl.chart.label import DataLabelList
    from openpyxl.chart.marker import DataPoint

    for number, colour in enumerate(COLOURS):
        point = DataPoint(idx=number)
        point.graphicalProperties.solidFill = colour.lstrip("#")
        line.dPt.append(point)
    line.dLbls = DataLabelList(
        showPercent=True, showVal=False, showSerName=False, showCatName=False, showLegendKey=False
    )


def _dress(drawn: Any, sheet: Sheet, chart: SheetChart) -> None:
    drawn.title, drawn.width, drawn.height = chart.title or None, _WIDTH, _HEIGHT
    drawn.roundedCorners = False
    if drawn.title:
        drawn.title.overlay = False
    if chart.kind != "pie" and len(chart.series) == 1:
        drawn.legend = None
    else:
        drawn.legend.position, drawn.legend.overlay = "b" if chart.kind != "pie" else "r", False
    if chart.kind == "pie":
        return
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.x_axis.majorGridlines = None
    drawn.y_axis.majorGridlines.spPr = _faint()
    drawn.x_axis.title = chart.categories if chart.kind == "scatter" else None
    drawn.y_axis.title = chart.series[0] if len(chart.series) == 1 else None
    for axis in (drawn.x_axis, drawn.y_axis):
        if axis.title:
            axis.title.overlay = False
    if chart.kind == "bar":
        drawn.x_axis.scaling.orientation = "maxMin"  # the first row on top, as in the table
        drawn.y_axis.crosses = "max"
    if chart.kind in ("bar", "column"):
        drawn.gapWidth = 60


def _faint() -> Any:
    from openpyxl.chart.shapes import GraphicalProperties

    look = GraphicalProperties()
    look.line.solidFill = "D9D9D9"
    return look


def _refuse_words(sheet: Sheet, title: str) -> None:
    column = sheet.columns[_place(sheet, title) - 1]
    if column.kind not in _NUMBERS and not _is_reckoned(sheet, column):
        raise ToolError(
            f"The column {title!r} of sheet {sheet.name!r} is of the kind {column.kind}, and a chart is drawn from "
            "numbers. Nothing was made; give the column the kind that it is of."
        )


def _is_reckoned(sheet: Sheet, column: Column) -> bool:
    place = sheet.columns.index(column)
    return any(isinstance(row[place], Formula) for row in sheet.rows)


def _place(sheet: Sheet, title: str) -> int:
    for place, column in enumerate(sheet.columns, 1):
        if column.title == title:
            return place
    raise ToolError(f"Sheet {sheet.name!r} has no column {title!r} for its chart.")
