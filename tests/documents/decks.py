"""Decks opened again: what stands where on each slide, and what it says."""

from __future__ import annotations

import io
import zipfile
from itertools import combinations
from typing import Any

import pptx
from PIL import Image

from bot.documents import slides
from bot.documents.content import Content
from bot.documents.drawing import Drawing
from bot.tools.documents import slides as reading

DIAGRAM = {"type": "diagram", "mermaid": "flowchart LR\n A[Client] --> B[Ledger]", "alt": "Client to ledger"}
PICTURE = {"type": "image", "path": "field.png", "alt": "A blue field", "caption": "Seen from above"}
CHART = {
    "kind": "column",
    "title": "Revenue",
    "categories": ["Q1", "Q2", "Q3"],
    "series": [{"name": "Plan", "values": [10, 12, 14]}, {"name": "Actual", "values": [9, 13, None]}],
}
TABLE = {
    "type": "table",
    "columns": ["Region", "Revenue", "Remark"],
    "rows": [["EMEA", 1200.5, "Strong **growth**"], ["APAC", 450, "New partners"]],
}


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (800, 400), (40, 90, 160)).save(file, "PNG")
    return file.getvalue()


def made(content: dict[str, Any], template: bytes | None = None) -> tuple[bytes, list[str]]:
    """The file and what was noted."""
    drawing = Drawing({"field.png": picture()})
    return slides.written(Content.model_validate(content), drawing, template), drawing.notes


def opened(file: bytes) -> Any:
    return pptx.Presentation(io.BytesIO(file))


def titles(file: bytes) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in opened(file).slides]


def text(file: bytes) -> str:
    """As our own reader shows it."""
    return reading.from_slides(io.BytesIO(file)).text


def parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        return {name: package.read(name) for name in package.namelist()}


def misplaced(file: bytes) -> list[str]:
    """Shapes that reach out of their slide or lie on another."""
    deck = opened(file)
    found = []
    for number, slide in enumerate(deck.slides, 1):
        boxes = [
            (one.name, one.left, one.top, one.left + one.width, one.top + one.height) for one in slide.shapes
        ]
        found += [
            f"{number}: {name} is outside"
            for name, left, top, right, bottom in boxes
            if left < 0 or top < 0 or right > deck.slide_width or bottom > deck.slide_height
        ]
        found += [
            f"{number}: {one[0]} and {other[0]} overlap"
            for one, other in combinations(boxes, 2)
            if one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]
        ]
    return found
