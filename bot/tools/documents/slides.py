"""PPTX: slides as headings, bullets, tables and notes. The library is imported where it is used."""

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
        elif getattr(shape, "has_text_frame", False):
            yield "\n".join(
                f"{'  ' * paragraph.level}- {' '.join(paragraph.text.split())}"
                for paragraph in shape.text_frame.paragraphs
                if paragraph.text.strip()
            )
