"""The kinds of chart, each drawn into its axes: told apart by pattern, mark and stroke as well as by colour."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bot.documents.content import Chart
from bot.errors import ToolError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#4b3f99", "#7f7f7f")
"""Okabe and Ito's: those who do not see red and green apart can tell them apart."""

_HATCHES = ("", "//", "..", "xx", "\\\\", "--", "++", "oo")
_MARKERS = "os^Dv<>P"
_STROKES = ("-", "--", ":")
_MOST_LABELS = 24
_MOST_MARKED = 60
_LONGEST_LABEL = 30
_MOST_BINS = 40
_STROKE = {"arrowstyle": "-", "color": "#888888", "linewidth": 0.8, "shrinkA": 1, "shrinkB": 0}
_NAMED_AT, _NAMES_APART, _ASIDE = 1.2, 0.19, 0.35
"""Of a pie's radius: where the names of its parts stand, how far from each other, and from its middle."""


def _columns(axes: Axes, chart: Chart) -> None:
    width = 0.8 / len(chart.series)
    for number, series in enumerate(chart.series):
        shift = (number - (len(chart.series) - 1) / 2) * width
        places = [place + shift for place in range(len(chart.categories))]
        heights = [value or 0.0 for value in series.values]
        draw = axes.barh if chart.kind == "bar" else axes.bar
        hatch = _HATCHES[(number + number // 8) % 8]
        is_fine = len(chart.categories) > _MOST_MARKED
        draw(
            places,
            heights,
            width,
            color=_colour(number),
            hatch=hatch,
            edgecolor=_colour(number) if is_fine else "white",
            label=f"series {number}",
        )
    is_upright = chart.kind == "bar"
    (axes.axvline if is_upright else axes.axhline)(0, color="black", linewidth=0.8)
    _named(axes, chart.categories, is_upright=is_upright)
    _numbered(axes.xaxis if is_upright else axes.yaxis, _values(chart))
    if not any(_values(chart)):
        (axes.set_xlim if is_upright else axes.set_ylim)(0, 1)


def _lines(axes: Axes, chart: Chart) -> None:
    is_marked = len(chart.categories) <= _MOST_MARKED
    for number, series in enumerate(chart.series):
        heights = [math.nan if value is None else value for value in series.values]
        places = range(len(heights))
        axes.plot(
            places,
            heights,
            color=_colour(number),
            linestyle=_STROKES[number // 8],
            marker=_MARKERS[number % 8] if is_marked else None,
            label=f"series {number}",
        )
        if chart.kind == "area":
            axes.fill_between(places, heights, alpha=0.25, color=_colour(number))
    _named(axes, chart.categories)
    _numbered(axes.yaxis, _values(chart))
    _grounded(axes, _values(chart), is_area=chart.kind == "area")


def _grounded(axes: Axes, values: Sequence[float], *, is_area: bool) -> None:
    """From nought, where the values are not so far from it that nothing of them would be seen."""
    least, most = min(values), max(values)
    if least == most:
        axes.set_ylim(min(0, 2 * least), 0 if most < 0 else 2 * most or 1)
    elif least >= 0 and (is_area or least <= most / 2):
        axes.set_ylim(bottom=0)


def _pie(axes: Axes, chart: Chart) -> None:
    (series,) = chart.series
    shown = [(name, value) for name, value in zip(chart.categories, series.values, strict=True) if value]
    total = sum(value for _, value in shown)
    wedges, *_ = axes.pie(
        [value for _, value in shown],
        colors=[_colour(number) for number in range(len(shown))],
        hatch=[_HATCHES[(number // 8) % 8] for number in range(len(shown))],
        startangle=90,
        counterclock=False,
        wedgeprops={"edgecolor": "white", "linewidth": 1.5},
    )
    parts = [f"{short(name)}  {_part(value / total)}" for name, value in shown]
    middles = [math.radians((wedge.theta1 + wedge.theta2) / 2) for wedge in wedges]
    for side in (-1, 1):
        _beside(axes, side, [one for one in zip(middles, parts, strict=True) if _side(one[0]) == side])


def _part(part: float) -> str:
    return f"{part:.0%}" if part >= 0.01 else "<1%"


def _side(angle: float) -> int:
    return 1 if math.cos(angle) >= 0 else -1


def _beside(axes: Axes, side: int, parts: Sequence[tuple[float, str]]) -> None:
    """Names of a pie's parts, each on a line of its own, with a stroke to its part."""
    ordered = sorted(parts, key=lambda one: math.sin(one[0]))
    heights = apart([_NAMED_AT * math.sin(angle) for angle, _ in ordered], _NAMES_APART)
    for (angle, name), height in zip(ordered, heights, strict=True):
        axes.annotate(
            name,
            xy=(math.cos(angle), math.sin(angle)),
            xytext=(side * max(math.sqrt(max(0.0, _NAMED_AT**2 - height**2)), _ASIDE), height),
            ha="left" if side > 0 else "right",
            va="center",
            arrowprops={**_STROKE, "relpos": (0 if side > 0 else 1, 0.5)},
        )


def apart(places: Sequence[float], least: float) -> list[float]:
    """These places, from below, moved as little as it takes for each to be so far from the next."""
    found = list(places)
    for number in range(1, len(found)):
        found[number] = max(found[number], found[number - 1] + least)
    highest = (found[-1] + places[-1]) / 2 if found else 0.0
    for number in reversed(range(len(found))):
        found[number] = min(found[number], highest)
        highest = found[number] - least
    return found


def _scatter(axes: Axes, chart: Chart) -> None:
    try:
        places = [float(one) for one in chart.categories]
    except ValueError:
        raise ToolError("The categories of a scatter are its x values: give numbers.") from None
    for number, series in enumerate(chart.series):
        points = [(x, y) for x, y in zip(places, series.values, strict=True) if y is not None]
        axes.scatter(
            [x for x, _ in points],
            [y for _, y in points],
            s=36 if len(points) <= 200 else 12,
            color=_colour(number),
            marker=_MARKERS[number % 8],
            label=f"series {number}",
            alpha=0.8,
        )
    _numbered(axes.xaxis, places)
    _numbered(axes.yaxis, _values(chart))


def _histogram(axes: Axes, chart: Chart) -> None:
    """All series in the same bins."""
    groups = [[value for value in series.values if value is not None] for series in chart.series]
    values = [value for group in groups for value in group]
    for number, group in enumerate(groups):
        axes.hist(
            group,
            bins=bins(len(values)),
            range=(min(values), max(values)),
            color=_colour(number),
            hatch=_HATCHES[number % 8],
            alpha=0.7,
            edgecolor="white",
            label=f"series {number}",
        )
    _numbered(axes.xaxis, values)
    _numbered(axes.yaxis, [0])


KINDS: dict[str, Callable[[Axes, Chart], None]] = {
    "bar": _columns,
    "column": _columns,
    "line": _lines,
    "area": _lines,
    "pie": _pie,
    "scatter": _scatter,
    "histogram": _histogram,
}


def bins(number: int) -> int:
    """Of a histogram of so many values: more of more values, however far they are apart."""
    return max(5, min(_MOST_BINS, math.ceil(math.sqrt(number))))


def _colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def _named(axes: Axes, categories: Sequence[str], *, is_upright: bool = False) -> None:
    """As many as can be read."""
    is_long = max(map(len, categories), default=0) * min(len(categories), _MOST_LABELS) > 80
    most = _MOST_LABELS // 2 if is_long and not is_upright else _MOST_LABELS
    shown = range(0, len(categories), _every(len(categories), most))
    if is_upright:
        is_roomy = len(shown) <= _MOST_LABELS // 2
        axes.set_yticks(
            shown, [_folded(categories[one]) if is_roomy else short(categories[one]) for one in shown]
        )
        axes.invert_yaxis()
        return
    names = [short(categories[one]) for one in shown]
    axes.set_xticks(shown, names, rotation=35 if is_long else 0, ha="right" if is_long else "center")


def _values(chart: Chart) -> list[float]:
    return [value for series in chart.series for value in series.values if value is not None]


def _numbered(axis: Any, values: Sequence[float]) -> None:
    """In full, not as so many times ten to the sixth; between whole values stands no half."""
    if all(value.is_integer() for value in map(float, values)):
        axis.get_major_locator().set_params(integer=True)
    axis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))


def _folded(name: str) -> str:
    """In two lines at most."""
    lines, longest = textwrap.wrap(name, _LONGEST_LABEL), 2 * _LONGEST_LABEL
    while len(lines) > 2:
        lines, longest = textwrap.wrap(short(name, longest), _LONGEST_LABEL), longest - 2
    return "\n".join(lines)


def short(name: str, longest: int = _LONGEST_LABEL) -> str:
    """Without its middle: names of one kind begin alike, and differ at the end."""
    half = longest // 2
    return name if len(name) <= longest else f"{name[: longest - half - 1].rstrip()}…{name[-half:].lstrip()}"


def unnamed(chart: Chart) -> str:
    """What is to be said of bars that lie and are too many to be named each."""
    number, every = len(chart.categories), _every(len(chart.categories), _MOST_LABELS)
    if chart.kind != "bar" or every == 1:
        return ""
    told = {2: "second", 3: "third"}.get(every, f"{every}th")
    return f"The chart {chart.title!r} names only every {told} of its {number} bars: show the {_MOST_LABELS} largest."


def _every(number: int, most: int) -> int:
    return -(-number // most) or 1
