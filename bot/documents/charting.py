"""The job of drawing one chart by itself."""

from __future__ import annotations

from pydantic import Base64Bytes, BaseModel, Field

from bot.documents import charts
from bot.documents.content import Chart


class Order(BaseModel):
    chart: Chart
    form: charts.Form


class Charted(BaseModel):
    """`notes` is what whoever ordered it should know."""

    file: Base64Bytes
    notes: list[str] = Field(default_factory=list)


def done(order: Order) -> Charted:
    """Raises `ToolError` where its values do not make such a chart."""
    drawn = charts.drawn(order.chart, order.form)
    return Charted.model_construct(file=drawn.file, notes=list(drawn.notes))
