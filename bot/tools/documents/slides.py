"""PPTX: slides as headings, bullets, tables, charts' figures and notes. The library is imported where it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from bot.tools.documents import tables
from bot.tools.documents.document import MOST_PAGES, Document


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
    plots = list(chart.plots)
    if not plots or not list(plots[0].series):
        return
    series = [one for plot in plots for one in plot.series]
    names = [" ".join(str(one).split()) for one in plots[0].categories]
    names = names or [str(one.text) for one in series[0]._element.iterfind("{*}xVal//{*}v")]
    rows = [[name, *(_figure(one.values, place) for one in series)] for place, name in enumerate(names)]
    title = chart.chart_title.text_frame.text if chart.has_title and chart.chart_title.has_text_frame else ""
    yield f"Chart{f': {title}' if title else ''}"
    yield tables.markdown_table([["", *(one.name for one in series)], *rows])


def _figure(values: Any, place: int) -> str:
    value = values[place] if place < len(values) else None
    return "" if value is None else f"{value:.15g}"


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
