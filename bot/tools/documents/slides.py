"""PPTX: slides as headings, bullets, tables, charts' figures and notes. The library is imported where it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from bot.tools.documents import tables
from bot.tools.documents.document import MOST_PAGES, Document

_MOST_SERIES = 50
_MOST_FIGURES = 500


def from_slides(file: BinaryIO) -> Document:
    """The slides under headings `## Slide 3: Title`."""
    from pptx import Presentation

    slides = list(Presentation(file).slides)
    texts = [_slide(number, slide) for number, slide in enumerate(slides[:MOST_PAGES], start=1)]
    more = len(slides) > MOST_PAGES
    note = f"The first {MOST_PAGES} of {len(slides):,} slides are shown." if more else ""
    return Document(format="pptx", text="\n\n".join(texts), note=note)


def _slide(number: int, slide: Any) -> str:
    title = slide.shapes.title
    heading = f"## Slide {number}"
    if title is not None and title.text_frame.text.strip():
        heading += f": {' '.join(title.text_frame.text.split())}"
    skipped = None if title is None else title.shape_id
    parts = [heading, *_parts(shape for shape in slide.shapes if shape.shape_id != skipped)]
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = slide.notes_slide.notes_text_frame.text.strip()
        parts.append("\n".join(f"> {line}" for line in f"Notes: {notes}".splitlines()) if notes else "")
    return "\n\n".join(filter(None, parts))


def _parts(shapes: Iterable[Any]) -> Iterator[str]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _parts(shape.shapes)
        elif getattr(shape, "has_table", False):
            yield tables.markdown_table([[cell.text for cell in row.cells] for row in shape.table.rows])
        elif getattr(shape, "has_chart", False):
            yield from _chart(shape.chart)
        elif alt := _described(shape):
            yield f"(Picture: {alt})"
        elif getattr(shape, "has_text_frame", False) and not _is_foot(shape):
            yield "\n".join(
                f"{'  ' * paragraph.level}- {' '.join(paragraph.text.split())}"
                for paragraph in shape.text_frame.paragraphs
                if paragraph.text.strip()
            )


def _chart(chart: Any) -> Iterator[str]:
    """Its figures as a table; the x values of a scatter are those of its first series."""
    series = [one for one in chart._chartSpace.iter("{*}ser")][:_MOST_SERIES]
    if not series:
        return
    names = _points(series[0], "cat") or _points(series[0], "xVal")
    columns = [_points(one, "val") or _points(one, "yVal") for one in series]
    length = max(max(one, default=-1) for one in (names, *columns)) + 1
    rows = [
        [names.get(place, ""), *(one.get(place, "") for one in columns)]
        for place in range(min(length, _MOST_FIGURES))
    ]
    title = chart.chart_title.text_frame.text if chart.has_title and chart.chart_title.has_text_frame else ""
    yield f"Chart{f': {title}' if title else ''}"
    yield tables.markdown_table([["", *(_points(one, "tx").get(0, "") for one in series)], *rows])
    if length > _MOST_FIGURES:
        yield f"(The first {_MOST_FIGURES} of {length:,} rows of the chart are shown.)"


def _points(series: Any, name: str) -> dict[int, str]:
    """By their places, as they are written: the library looks for each one anew."""
    found = series.find(f"{{*}}{name}")
    points = () if found is None else found.iter("{*}pt")
    said = {int(one.get("idx", "0")): " ".join((one.findtext("{*}v") or "").split()) for one in points}
    return said if name in ("cat", "tx") else {place: _figure(text) for place, text in said.items()}


def _figure(text: str) -> str:
    """Without the noise of its last digits."""
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text


def _described(shape: Any) -> str:
    """What is said of a picture to those who do not see it."""
    if not shape._element.tag.endswith("}pic"):
        return ""
    named = next((one for one in shape._element.iter() if one.tag.endswith("}cNvPr")), None)
    return "" if named is None else " ".join(named.get("descr", "").split())


def _is_foot(shape: Any) -> bool:
    """The date, the deck's name and the number, which every slide repeats."""
    place = next((one for one in shape._element.iter() if one.tag.endswith("}ph")), None)
    return place is not None and place.get("type") in ("ftr", "sldNum", "dt")
