"""Charts as pictures: the same colours, fonts and grid in every document, readable without colour and in grey."""

from __future__ import annotations

import io
import logging
import textwrap
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bot.documents import fonts
from bot.documents.content import Chart
from bot.documents.plots import COLOURS, KINDS, short, unnamed
from bot.errors import ToolError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Form = Literal["png", "svg"]

__all__ = ["COLOURS", "HEIGHT", "LOST", "WIDTH", "Drawn", "Form", "check", "drawn", "words"]

WIDTH, HEIGHT = 1200, 675
LOST = "left out of charts"
"""What becomes of characters that no font has."""
_DPI = 150
_LEGEND = 110
_LONGEST_IN_LEGEND = 27
_ACROSS = 68
_LARGEST = 1e100
_MOST_PARTS = 12


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """`lost` are the characters that it does not show."""

    file: bytes
    lost: frozenset[str] = frozenset()
    unnamed: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(filter(None, (fonts.undrawn(self.lost, LOST), self.unnamed)))


def drawn(chart: Chart, form: Form = "png") -> Drawn:
    """Raises `ToolError` where its values do not make such a chart."""
    check(chart)
    from matplotlib import rc_context

    lost = fonts.lost(" ".join(_texts(chart)), _files())
    told = unnamed(chart)
    chart = _legible(chart, lost) if lost else chart

    with rc_context(_look()), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the drawer thinks of its fonts
        try:
            file = _saved(chart, form)
        except (ValueError, OverflowError, MemoryError):
            raise ToolError(
                f"The chart {chart.title!r} cannot be drawn: its values are too large or too far apart. Scale them."
            ) from None
    return Drawn(file=file, lost=lost, unnamed=told)


def words(chart: Chart) -> str:
    """What it shows, for those who do not see it."""
    names = ", ".join(series.name for series in chart.series)
    return f"{chart.kind.capitalize()} chart{f' “{chart.title}”' if chart.title else ''}: {names}"


def check(chart: Chart) -> None:
    """Raises `ToolError` where its values do not make such a chart."""
    values = [value for series in chart.series for value in series.values if value is not None]
    if not values:
        raise ToolError("A chart has no values. Give some, or leave it out and say why.")
    if max(map(abs, values)) > _LARGEST:
        raise ToolError(f"The chart {chart.title!r} cannot be drawn: its values are too large. Scale them.")
    if chart.kind == "histogram":
        return
    for series in chart.series:
        if len(series.values) != len(chart.categories):
            raise ToolError(
                f"The series {series.name!r} has {len(series.values)} values for {len(chart.categories)} categories. "
                "Give one for each, null where there is none."
            )
    if chart.kind == "pie" and (len(chart.series) != 1 or min(values) < 0 or not sum(values)):
        raise ToolError("A pie has one series, of values from 0 on. Take a column chart for others.")
    if chart.kind == "pie" and len(chart.categories) > _MOST_PARTS:
        raise ToolError(
            f"A pie has at most {_MOST_PARTS} parts. Sum the smallest up as “Others”, or take a bar chart."
        )


def _saved(chart: Chart, form: Form) -> bytes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, layout="constrained")
    axes = figure.add_subplot()
    KINDS[chart.kind](axes, chart)
    _dressed(figure, axes, chart)
    file = io.BytesIO()
    silent: dict[str, Any] = dict.fromkeys(
        ("Date", "Creator", "Format", "Type") if form == "svg" else ("Software",)
    )
    figure.savefig(file, format=form, metadata=silent)
    return file.getvalue()


def _dressed(figure: Figure, axes: Axes, chart: Chart) -> None:
    if chart.title:
        title = _wrapped(chart.title, _ACROSS)
        figure.suptitle(title, x=0.01, ha="left", fontsize="large", fontweight="bold")
    if chart.kind == "pie":
        return
    axes.set_xlabel(_wrapped(chart.x_title, _ACROSS))
    axes.set_ylabel(_wrapped(chart.y_title, _ACROSS // 2))
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x" if chart.kind == "bar" else "y", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    if len(chart.series) > 1:
        handles, _ = axes.get_legend_handles_labels()
        names = [short(series.name, _LONGEST_IN_LEGEND) for series in chart.series]
        across = _LEGEND // (max(map(len, names)) + 6)
        figure.legend(handles, names, frameon=False, loc="outside lower center", ncols=max(1, min(6, across)))


def _wrapped(text: str, width: int) -> str:
    """In two lines at most; Chinese characters are twice as wide as others."""
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in text)
    width = round(width * len(text) / (len(text) + wide)) if text else width
    return "\n".join(textwrap.wrap(text, width, max_lines=2, placeholder=" …"))


def _look() -> dict[str, Any]:
    """No text is read as mathematics: "$5 and $6" is money."""
    return {
        "font.family": ["DejaVu Sans", *([_family(asian)] if (asian := fonts.asian()) else [])],
        "svg.hashsalt": "cowork",
        "axes.unicode_minus": True,
        "axes.formatter.use_locale": False,
        "text.parse_math": False,
        "hatch.linewidth": 0.6,
    }


def _family(path: Path) -> str:
    """Known to the drawer from now on, by the name that it gives itself."""
    from matplotlib import font_manager

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    font_manager.fontManager.addfont(path)
    return str(font_manager.FontProperties(fname=path).get_name())


def _files() -> list[Path]:
    return [fonts.plain(), *filter(None, [fonts.asian()])]


def _legible(chart: Chart, lost: frozenset[str]) -> Chart:
    """Of characters that can be drawn: a box tells nobody anything."""

    def told(text: str) -> str:
        return fonts.without(text, lost)

    return chart.model_copy(
        update={
            **{name: told(getattr(chart, name)) for name in ("title", "x_title", "y_title")},
            "categories": [told(one) for one in chart.categories],
            "series": [one.model_copy(update={"name": told(one.name)}) for one in chart.series],
        }
    )


def _texts(chart: Chart) -> Iterator[str]:
    yield from (chart.title, chart.x_title, chart.y_title, *chart.categories)
    yield from (series.name for series in chart.series)
