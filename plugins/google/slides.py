"""Google Slides: their text as Markdown, and an outline as the requests that make slides of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def as_markdown(presentation: Any) -> str:
    """A head per slide, its texts and tables, and the speaker's notes."""
    slides = enumerate(presentation.get("slides", ()), 1)
    return "\n\n".join(_slide(number, one) for number, one in slides)


def _slide(number: int, slide: Any) -> str:
    texts = list(_texts(slide.get("pageElements", ())))
    head = f"## Slide {number}" + (f": {texts[0]}" if texts else "")
    notes = "\n".join(_notes(slide))
    return "\n\n".join([head, *texts[1:], *([f"Notes: {notes}"] if notes else [])])


def _texts(elements: Any) -> Iterator[str]:
    for element in elements:
        if "elementGroup" in element:
            yield from _texts(element["elementGroup"].get("children", ()))
        elif "table" in element:
            yield "\n".join(_row(row) for row in element["table"].get("tableRows", ()))
        elif text := _text(element.get("shape", {}).get("text")):
            yield text


def _row(row: Any) -> str:
    return (
        "| "
        + " | ".join(_text(cell.get("text")).replace("\n", " ") for cell in row.get("tableCells", ()))
        + " |"
    )


def _text(text: Any) -> str:
    if not text:
        return ""
    runs = (one.get("textRun") or one.get("autoText") or {} for one in text.get("textElements", ()))
    return "".join(run.get("content", "") for run in runs).replace("\v", "\n").strip()


def _notes(slide: Any) -> Iterator[str]:
    page = slide.get("slideProperties", {}).get("notesPage", {})
    speaker = page.get("notesProperties", {}).get("speakerNotesObjectId")
    for element in page.get("pageElements", ()):
        if element.get("objectId") == speaker and (text := _text(element.get("shape", {}).get("text"))):
            yield text
