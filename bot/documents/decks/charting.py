"""Charts that stay charts: drawn by whoever opens the deck, with their figures in them to be changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from bot.documents import charts, packed, plots
from bot.documents.content import Chart, Series
from bot.documents.decks.writing import legible

_LONG_AGO: Final = datetime(2000, 1, 1)
_KINDS: Final = {
    "bar": "BAR_CLUSTERED",
    "column": "COLUMN_CLUSTERED",
    "histogram": "COLUMN_CLUSTERED",
    "line": "LINE_MARKERS",
    "area": "AREA",
    "pie": "PIE",
    "scatter": "XY_SCATTER",
}
_THEMED: Final = 6
_FEW: Final = 12
_MOST_MARKED: Final = 60
"""Points of a line that each have a mark: of more the marks hide the line."""
_MOST_LABELS: Final = 12


def add(slide: Any, chart: Chart, box: tuple[int, int, int, int]) -> Any:
    """The shape that holds it. Raises `ToolError` where its values make no such chart."""
    from pptx.enum.chart import XL_CHART_TYPE

    charts.check(chart)
    kind = getattr(XL_CHART_TYPE, _KINDS[chart.kind])
    shape = slide.shapes.add_chart(kind, *box, figures(chart))
    shape.name = f"Chart {shape.shape_id}"
    shape._element.nvGraphicFramePr.cNvPr.set("descr", legible(charts.words(chart)))
    _dressed(shape.chart, chart)
    return shape


def refigure(drawn: Any, chart: Chart) -> None:
    """Other figures in a chart that stays as it looks; what is new in it has colours of its own."""
    before = len(drawn.plots[0].series)
    drawn.replace_data(figures(chart))
    plot = drawn.plots[0]
    look = {"XyPlot": "scatter", "LinePlot": "line"}.get(type(plot).__name__, "column")
    for number, series in enumerate(plot.series):
        if number >= before:
            _tinted(series, number, look)
    if len(plot.series) > max(1, before) and not drawn.has_legend:
        drawn.has_legend = True


def figures(chart: Chart) -> Any:
    """Its categories and series as the library takes them."""
    from pptx.chart.data import CategoryChartData, XyChartData

    if chart.kind == "scatter":
        return _scattered(chart, _xy_type(XyChartData))
    given = _binned(chart) if chart.kind == "histogram" else chart
    data = _category_type(CategoryChartData)(number_format=_format(given))
    data.categories = [legible(one) for one in given.categories]
    for series in given.series:
        data.add_series(legible(series.name), series.values)
    return data


def _scattered(chart: Chart, kind: Any) -> Any:
    from bot.errors import ToolError

    data = kind(number_format=_format(chart))
    try:
        places = [float(one) for one in chart.categories]
    except ValueError:
        raise ToolError("The categories of a scatter are its x values: give numbers.") from None
    for series in chart.series:
        points = data.add_series(legible(series.name))
        for x, y in zip(places, series.values, strict=True):
            if y is not None:
                points.add_data_point(x, y)
    return data


def _format(chart: Chart) -> str:
    values = [abs(one) for series in chart.series for one in series.values if one is not None]
    if all(one == int(one) for one in values):
        return "#,##0"
    return "#,##0.0" if max(values) >= 10 else "#,##0.00"


def _binned(chart: Chart) -> Chart:
    import numpy

    values = [[one for one in series.values if one is not None] for series in chart.series]
    flat = [one for row in values for one in row]
    edges = numpy.histogram_bin_edges(flat, bins=plots.bins(len(flat))).tolist()
    names = [f"{low:.4g}–{high:.4g}" for low, high in pairwise(edges)]
    series = [
        Series(name=one.name, values=[float(count) for count in numpy.histogram(row, edges)[0]])
        for one, row in zip(chart.series, values, strict=True)
    ]
    return chart.model_copy(update={"categories": names, "series": series})


def _category_type(base: Any) -> Any:
    from pptx.chart.xlsx import CategoryWorkbookWriter

    return _with_writer(base, CategoryWorkbookWriter)


def _xy_type(base: Any) -> Any:
    from pptx.chart.xlsx import XyWorkbookWriter

    return _with_writer(base, XyWorkbookWriter)


def _with_writer(base: Any, writer: Any) -> Any:
    """The library's own workbooks take text that begins with "=" for a formula, and tell when they were made."""

    class Plain(writer):  # type: ignore[misc]
        @contextmanager
        def _open_worksheet(self, xlsx_file: Any) -> Iterator[Any]:
            from xlsxwriter import Workbook

            as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
            workbook = Workbook(xlsx_file, {"in_memory": True, **as_text})
            workbook.set_properties({"created": _LONG_AGO})
            yield workbook, workbook.add_worksheet()
            workbook.close()

        @property
        def xlsx_blob(self) -> bytes:
            return packed.steady(super().xlsx_blob)

    class Figures(base):  # type: ignore[misc]
        @property
        def _workbook_writer(self) -> Any:
            return Plain(self)

    return Figures


def _dressed(drawn: Any, chart: Chart) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    drawn.font.size = Pt(12)
    drawn.has_title = bool(chart.title)
    if chart.title:
        _worded(drawn.chart_title.text_frame, chart.title, 14)
    drawn.has_legend = len(chart.series) > 1 or chart.kind == "pie"
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.BOTTOM
        drawn.legend.include_in_layout = False
    plot = drawn.plots[0]
    if chart.kind == "pie":
        _sliced(plot)
        return
    if chart.kind in ("bar", "column", "histogram"):
        plot.gap_width = 5 if chart.kind == "histogram" else 60
        plot.overlap = 0 if chart.kind != "histogram" else 100
    _labelled(plot, chart)
    _axes(drawn, chart)
    for number, series in enumerate(plot.series):
        _tinted(series, number, chart.kind)


def _labelled(plot: Any, chart: Chart) -> None:
    """Few bars carry their figures, so that nobody has to guess them from the axis."""
    from pptx.util import Pt

    count = sum(len(series.values) for series in chart.series)
    if chart.kind in ("bar", "column") and count <= _FEW:
        plot.has_data_labels = True
        plot.data_labels.font.size = Pt(12)
        plot.data_labels.show_value = True
        if all(float(value or 0).is_integer() for series in chart.series for value in series.values):
            plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "#,##0", False


def _sliced(plot: Any) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    plot.vary_by_categories = True
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_percentage, labels.show_value = True, False
    labels.number_format, labels.number_format_is_linked = "0%", False
    labels.font.size = Pt(12)
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    for number in range(len(plot.categories)):
        _filled(plot.series[0].points[number].format.fill, number)


def _axes(drawn: Any, chart: Chart) -> None:
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    across, up = drawn.category_axis, drawn.value_axis
    for axis, title in ((across, chart.x_title), (up, chart.y_title)):
        axis.has_title = bool(title)
        if title:
            _worded(axis.axis_title.text_frame, title, 12)
        axis.tick_labels.font.size = Pt(12)
        axis.major_tick_mark = XL_TICK_MARK.NONE
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW  # beside the bars, also where they go below 0
    up.has_major_gridlines = True
    _greyed(up.major_gridlines.format.line)
    _greyed(across.format.line)
    up.format.line.fill.background()
    across.has_major_gridlines = chart.kind == "scatter"
    if chart.kind == "scatter":
        _greyed(across.major_gridlines.format.line)
    if chart.kind == "bar":
        across.reverse_order = True
        up._element.find("{*}crosses").set("val", "max")  # the figures stay below
        up.tick_label_position = XL_TICK_LABEL_POSITION.NEXT_TO_AXIS
    elif chart.kind != "scatter":
        _thinned(across._element, max(len(series.values) for series in chart.series))


def _thinned(axis: Any, count: int) -> None:
    """Of many labels every second, third … is shown: no two lie over each other."""
    from pptx.oxml.ns import qn

    if count <= _MOST_LABELS or axis.tag != qn("c:catAx"):
        return
    skip = axis.makeelement(qn("c:tickLblSkip"), {"val": str(-(-count // _MOST_LABELS))})
    last = axis.find(qn("c:noMultiLvlLbl"))
    axis.append(skip) if last is None else last.addprevious(skip)


def _tinted(series: Any, number: int, kind: str) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.util import Pt

    if kind in ("bar", "column", "histogram", "area"):
        _filled(series.format.fill, number)
        return
    shapes = (
        XL_MARKER_STYLE.CIRCLE,
        XL_MARKER_STYLE.SQUARE,
        XL_MARKER_STYLE.TRIANGLE,
        XL_MARKER_STYLE.DIAMOND,
    )
    is_long = kind == "line" and len(list(series.values)) > _MOST_MARKED
    if kind == "line":
        series.smooth = False
        series.format.line.width = Pt(1.5 if is_long else 2.25)
        _filled(series.format.line.fill, number)
    else:
        series.format.line.fill.background()
    if is_long:
        series.marker.style = XL_MARKER_STYLE.NONE
        return
    series.marker.style, series.marker.size = shapes[number % 4], 7
    _filled(series.marker.format.fill, number)
    _filled(series.marker.format.line.fill, number)


def _filled(fill: Any, number: int) -> None:
    """In the theme's accents, so that a chart follows the deck it is copied to; then in our other colours."""
    from pptx.enum.dml import MSO_THEME_COLOR

    fill.solid()
    place = number % len(charts.COLOURS)
    if place < _THEMED:
        fill.fore_color.theme_color = getattr(MSO_THEME_COLOR, f"ACCENT_{place + 1}")
    else:
        fill.fore_color.rgb = _rgb(charts.COLOURS[place])


def _greyed(stroke: Any) -> None:
    from pptx.util import Pt

    stroke.width = Pt(0.75)
    stroke.fill.solid()
    stroke.fill.fore_color.rgb = _rgb("#d0d4da")


def _rgb(colour: str) -> Any:
    from pptx.dml import color

    kind: Any = color.RGBColor
    return kind.from_string(colour.lstrip("#").upper())


def _worded(frame: Any, text: str, size: int) -> None:
    from pptx.util import Pt

    frame.text = legible(text)
    for run in frame.paragraphs[0].runs:
        run.font.size, run.font.bold = Pt(size), size > 12
