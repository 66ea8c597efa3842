"""What a document says, whatever it becomes: blocks for reading, sheets for reckoning, slides for showing.

The words of a text are Markdown (emphasis, links, lists, quotes, `[^name]` for a footnote). Nothing else is read as
anything but itself: a cell is a formula only where it says so, and no text becomes one by how it begins.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

Kind = Literal["bar", "column", "line", "area", "pie", "scatter", "histogram"]
Cell = Annotated[
    str | int | float | bool | None, WithJsonSchema({"type": ["string", "number", "boolean", "null"]})
]
MOST_ROWS = 100_000
MOST_SHEET_NAME = 31


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Series(_Said):
    """One line, one row of bars, or one cloud of points."""

    name: str
    values: list[float | None] = Field(max_length=10_000)


class Chart(_Said):
    """`categories` name the values of each series, in their order; a scatter's are its x values as numbers in text,
    a histogram has none."""

    kind: Kind
    title: str = ""
    categories: list[str] = Field(default_factory=list, max_length=10_000)
    series: list[Series] = Field(min_length=1, max_length=20)
    x_title: str = ""
    y_title: str = ""


class Heading(_Said):
    type: Literal["heading"]
    text: str
    level: int = Field(default=1, ge=1, le=4)


class Text(_Said):
    """Paragraphs, lists and quotes, as Markdown without headings, tables and HTML."""

    type: Literal["text"]
    text: str


class Table(_Said):
    """Numbers stand to the right. No more cells in a row than there are columns."""

    type: Literal["table"]
    columns: list[str] = Field(min_length=1, max_length=50)
    rows: list[list[Cell]] = Field(max_length=5_000)
    caption: str = ""


class Image(_Said):
    """A PNG or JPEG of a granted folder or the task's own; `alt` is for those who do not see it."""

    type: Literal["image"]
    path: str
    alt: str
    caption: str = ""


class Charted(_Said):
    type: Literal["chart"]
    chart: Chart
    caption: str = ""


class Diagram(_Said):
    """Drawn from Mermaid: a flowchart, a sequence, a state, class or ER diagram, a Gantt chart."""

    type: Literal["diagram"]
    mermaid: str = Field(max_length=20_000)
    alt: str
    caption: str = ""


class Code(_Said):
    type: Literal["code"]
    code: str
    language: str = ""


class Footnote(_Said):
    """What `[^name]` in a text points to, wherever it stands among the blocks."""

    type: Literal["footnote"]
    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")
    text: str


class PageBreak(_Said):
    type: Literal["page_break"]


Block = Annotated[
    Heading | Text | Table | Image | Charted | Diagram | Code | Footnote | PageBreak,
    Field(discriminator="type"),
]


class Formula(_Said):
    """Reckoned by whoever opens the sheet, without the leading "=": "SUM(B2:B9)". References are of this workbook."""

    formula: str = Field(max_length=2_000)


class Column(_Said):
    """`format` is Excel's number format where the kind's own does not do ("0.0%", "#,##0.00 [$€-407]")."""

    title: str
    kind: Literal["text", "number", "integer", "currency", "percent", "date", "datetime", "boolean"] = "text"
    format: str = ""


class SheetChart(_Said):
    """Of columns of this sheet, by their titles; it follows the cells when they change."""

    kind: Literal["bar", "column", "line", "area", "pie", "scatter"]
    title: str = ""
    categories: str
    series: list[str] = Field(min_length=1, max_length=10)


class Sheet(_Said):
    """A row has a cell for each column. Dates are written as 2026-03-31 or 2026-03-31T09:30. A percent is a part of 1.

    `totals` puts a last row under the others with the sums of its number, integer and currency columns.
    """

    name: str = Field(min_length=1, max_length=MOST_SHEET_NAME, pattern=r"^[^\[\]:*?/\\]+$")
    columns: list[Column] = Field(min_length=1, max_length=256)
    rows: list[list[Cell | Formula]] = Field(max_length=MOST_ROWS)
    totals: bool = False
    charts: list[SheetChart] = Field(default_factory=list, max_length=10)


class Bullet(_Said):
    text: str
    level: int = Field(default=0, ge=0, le=2)


class Slide(_Said):
    """`bullets` stand on the left where there is a `right`, a table, a chart, a diagram or an image besides them."""

    title: str
    subtitle: str = ""
    bullets: list[Bullet | str] = Field(default_factory=list, max_length=20)
    right: list[Bullet | str] = Field(default_factory=list, max_length=20)
    table: Table | None = None
    chart: Chart | None = None
    diagram: Diagram | None = None
    image: Image | None = None
    notes: str = ""


class Content(_Said):
    """`blocks` for docx, pdf and html; `sheets` for xlsx; `slides` for pptx, whose title slide is `title`."""

    title: str = ""
    subtitle: str = ""
    author: str = ""
    date: str = ""
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    blocks: list[Block] = Field(default_factory=list, max_length=2_000)
    sheets: list[Sheet] = Field(default_factory=list, max_length=50)
    slides: list[Slide] = Field(default_factory=list, max_length=200)
