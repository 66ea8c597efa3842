"""The job of making a document: everything in it drawn, then written in its format, always to the same bytes."""

from __future__ import annotations

import importlib

from pydantic import Base64Bytes, BaseModel, Field

from bot.documents import inspecting
from bot.documents.content import Content
from bot.documents.drawing import Drawing
from bot.documents.inspected import Kind
from bot.errors import ToolError

WRITERS = {"docx": "word", "xlsx": "sheets", "pptx": "slides", "pdf": "pages", "html": "web"}
WANTED = {"docx": "blocks", "pdf": "blocks", "html": "blocks", "xlsx": "sheets", "pptx": "slides"}


class Order(BaseModel):
    """`images` are the pictures that the content names, by path; `template` is a document of the format to fill."""

    format: Kind
    content: Content
    images: dict[str, Base64Bytes] = Field(default_factory=dict)
    template: Base64Bytes | None = None


class Made(BaseModel):
    """`extent` is what it came to, in words; `notes` is what whoever ordered it should know: a font that is missing, a
    table that was cut, what its reader would stumble over."""

    file: Base64Bytes
    extent: str = ""
    notes: list[str] = Field(default_factory=list)


def done(order: Order) -> Made:
    """Raises `ToolError` that says which part of the content cannot be set, and why."""
    wanted = WANTED[order.format]
    if not getattr(order.content, wanted):
        raise ToolError(f"A {order.format} file is made of `{wanted}`, and the content has none. Give them.")
    writer = importlib.import_module(f"bot.documents.{WRITERS[order.format]}")
    drawing = Drawing(order.images)
    file: bytes = writer.written(order.content, drawing, order.template)
    look = inspecting.found(file, order.format)
    return Made.model_construct(
        file=file, extent=look.extent, notes=[*drawing.notes, *map(_mend, look.faults)]
    )


def _mend(fault: str) -> str:
    return f"To be mended: {fault}."
