"""Charts as pictures: the same colours, fonts and grid in every document, readable without colour and in grey."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from bot.documents.content import Chart
from bot.errors import ToolError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 1200, 675
_DPI = 150
COLOURS = ("#1264a3", "#e8912d", "#2eb67d", "#e01e5a", "#6b4fbb", "#36c5f0", "#8d6e63", "#616061")
_HATCHES = ("", "//", "..", "xx", "\\\\", "--", "++", "oo")
_MARKERS = "os^Dv<>P"
_MOST_LABELS = 24


@dataclass(frozen=True, kw_only=True)
class Drawn:
    file: bytes
    notes: tuple[str, ...] = ()


def drawn(chart: Chart, form: Literal["png", "svg"] = "png") -> Drawn:
    """Raises `ToolError` where its values do not make such a chart."""
    check(chart)
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    look = {"font.family": ["DejaVu Sans"], "svg.hashsalt": "cowork", "axes.unicode_minus": False}
    with rc_context(look):
        figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, layout="constrained")
        axes = figure.add_subplot()
        _KINDS[chart.kind](axes, chart)
        _dressed(axes, chart)
        file = io.BytesIO()
        figure.savefig(file, format=form, metadata={"Date": None} if form == "svg" else {"Software": None})
    return Drawn(file=file.getvalue())


def words(chart: Chart) -> str:
    """What it shows, for those who do not see it."""
    names = ", ".join(series.name for series in chart.series)
    return f"{chart.kind.capitalize()} chart{f' “{chart.title}”' if chart.title else ''}: {names}"


def check(chart: Chart) -> None:
    """Raises `ToolError` where its values do not make such a chart."""
    if chart.kind == "histogram":
        return
    for series in chart.series:
        if len(series.values) != len(chart.categories):
            raise ToolError(
                f"The series {series.name!r} has {len(series.values)} values for {len(chart.categories)} categories. "
                "Give one for each, null where there is none."
            )
    if chart.kind == "pie" and (
        len(chart.series) != 1 or any(value is None or value < 0 for value in chart.series[0].values)
    ):
        raise ToolError("A pie has one series, of values from 0 on. Take a column chart for others.")


def _columns(axes: Axes, chart: Chart) -> None:
    width = 0.8 / len(chart.series)
    for number, series in enumerate(chart.series):
        places = [
            place + (number - (len(chart.series) - 1) / 2) * width for place in range(len(chart.categories))
        ]
        heights = [value or 0.0 for value in series.values]
        look = {
            "color": COLOURS[number % 8],
            "hatch": _HATCHES[number % 8],
            "label": series.name,
        }
        (axes.barh if chart.kind == "bar" else axes.bar)(places, heights, width, edgecolor="white", **look)
    if chart.kind == "bar":
        axes.set_yticks(range(len(chart.categories)), chart.categories)
        axes.invert_yaxis()
    else:
        _named(axes, chart.categories)


def _lines(axes: Axes, chart: Chart) -> None:
    for number, series in enumerate(chart.series):
        heights = [float("nan") if value is None else value for value in series.values]
        places = range(len(heights))
        axes.plot(places, heights, color=COLOURS[number % 8], marker=_MARKERS[number % 8], label=series.name)
        if chart.kind == "area":
            axes.fill_between(places, heights, alpha=0.25, color=COLOURS[number % 8])
    _named(axes, chart.categories)


def _pie(axes: Axes, chart: Chart) -> None:
    (series,) = chart.series
    axes.pie(
        [value or 0.0 for value in series.values],
        labels=chart.categories,
        colors=[COLOURS[number % 8] for number in range(len(series.values))],
        autopct="%1.0f%%",
        startangle=90,
        counterclock=False,
    )


def _scatter(axes: Axes, chart: Chart) -> None:
    try:
        places = [float(one) for one in chart.categories]
    except ValueError:
        raise ToolError("The categories of a scatter are its x values: give numbers.") from None
    for number, series in enumerate(chart.series):
        points = [(x, y) for x, y in zip_longest(places, series.values) if y is not None]
        axes.scatter(
            [x for x, _ in points],
            [y for _, y in points],
            color=COLOURS[number % 8],
            marker=_MARKERS[number % 8],
            label=series.name,
            alpha=0.8,
        )


def _histogram(axes: Axes, chart: Chart) -> None:
    for number, series in enumerate(chart.series):
        values = [value for value in series.values if value is not None]
        axes.hist(
            values, bins="auto", color=COLOURS[number % 8], alpha=0.7, label=series.name, edgecolor="white"
        )


_KINDS = {
    "bar": _columns,
    "column": _columns,
    "line": _lines,
    "area": _lines,
    "pie": _pie,
    "scatter": _scatter,
    "histogram": _histogram,
}


def _named(axes: Axes, categories: list[str]) -> None:
    step = -(-len(categories) // _MOST_LABELS) or 1
    shown = list(range(0, len(categories), step))
    is_long = max((len(categories[one]) for one in shown), default=0) * len(shown) > 100
    axes.set_xticks(
        shown,
        [categories[one] for one in shown],
        rotation=30 if is_long else 0,
        ha="right" if is_long else "center",
    )


def _dressed(axes: Axes, chart: Chart) -> None:
    axes.set_title(chart.title, loc="left", fontweight="bold")
    axes.set_xlabel(chart.x_title)
    axes.set_ylabel(chart.y_title)
    if chart.kind == "pie":
        return
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x" if chart.kind == "bar" else "y", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    if len(chart.series) > 1:
        axes.legend(frameon=False)
