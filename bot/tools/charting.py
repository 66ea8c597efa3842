"""A chart as a picture of its own, for a message or a page that is written otherwise."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.documents import apart, charting, charts, worded
from bot.documents.content import Chart, Kind, Series
from bot.domain.call import Result
from bot.errors import ToolError
from bot.sdk.tool import tool
from bot.tools.desk import Desk
from bot.tools.putting import inverse, put, was_made, writes

_FORMS: dict[str, charts.Form] = {".png": "png", ".svg": "svg"}


class Values(BaseModel):
    """`categories` name the values of each series, in their order; a scatter's are its x values as numbers in text, a
    histogram has none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    categories: list[str] = Field(default_factory=list, max_length=10_000)
    series: list[Series] = Field(min_length=1, max_length=20)


@tool(
    accesses=writes,
    preview=lambda desk, path, kind, title="", **_: (
        f"Draw {desk.name(path)} ({kind} chart{f' “{title}”' if title else ''})"
    ),
    detail=lambda desk, path, **given: worded.chart(
        _chart(**{"title": "", "x_title": "", "y_title": "", **given})
    ),
    inverse=inverse,
    settled=lambda desk, path, **_: was_made(desk, path),
)
def make_chart(
    desk: Desk,
    path: Annotated[str, "Where: a .png, or an .svg that stays sharp at any size."],
    data: Annotated[
        Values, "The names along the axis, and one or more series of values, null where there is none."
    ],
    kind: Annotated[Kind, "bar lies, column stands; line and area run over time; pie is parts of a whole."],
    title: Annotated[str, "What the chart says, in words."] = "",
    x_title: Annotated[str, "What is along the bottom, with its unit."] = "",
    y_title: Annotated[str, "What is along the side, with its unit."] = "",
) -> Result:
    """Draw a chart as a picture file, of values that a tool gave you: query_data reckons them.

    Use it where the picture itself is wanted. A chart in a report, a deck or a sheet is a part of make_document's
    content, and there it can be changed by whoever opens it. The result says what cannot be shown.
    """
    chart = _chart(data, kind, title, x_title, y_title)
    drawn = _drawn(desk, path, chart)
    result = put(desk, path, drawn.file)
    return Result(text="\n".join([result.text, charts.words(chart), *drawn.notes]), receipt=result.receipt)


def _chart(data: Values, kind: Kind, title: str, x_title: str, y_title: str) -> Chart:
    return Chart(
        kind=kind,
        title=title,
        categories=data.categories,
        series=data.series,
        x_title=x_title,
        y_title=y_title,
    )


def _drawn(desk: Desk, path: str, chart: Chart) -> charting.Charted:
    form = _FORMS.get(PurePath(path).suffix.lower())
    if form is None:
        raise ToolError(
            f"{path} ends neither in .png nor in .svg. Nothing was drawn; give the path one of them."
        )
    return apart.done("charting", charting.Order(chart=chart, form=form), charting.Charted, desk.halt)
