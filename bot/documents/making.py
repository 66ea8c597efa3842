"""The job of making a document: everything in it drawn, then written in its format, always to the same bytes."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from pydantic import Base64Bytes, BaseModel, Field

from bot.documents import handed, inspecting
from bot.documents.content import Content
from bot.documents.drawing import Drawing
from bot.documents.handed import Handed
from bot.documents.inspected import Kind, without_quotes
from bot.errors import ToolError

WRITERS = {"docx": "word", "xlsx": "sheets", "pptx": "slides", "pdf": "pages", "html": "web"}
WANTED = {"docx": "blocks", "pdf": "blocks", "html": "blocks", "xlsx": "sheets", "pptx": "slides"}


class Order(BaseModel):
    """`images` are the pictures that the content names, by path; `template` is a document of the format to fill."""

    format: Kind
    content: Content
    images: Mapping[str, Handed] = Field(default_factory=dict)
    template: Handed | None = None


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
    drawing = Drawing(handed.contents(order.images))
    template = None if order.template is None else handed.content(order.template)
    file: bytes = writer.written(order.content, drawing, template)
    look = inspecting.found(file, order.format)
    notes = [*drawing.notes, *(_mend(fault, order.template is not None) for fault in look.faults)]
    return Made.model_construct(file=file, extent=look.extent, notes=notes)


def _mend(fault: str, is_others: bool) -> str:
    """A template's words may stand in it, and nobody has said who wrote them."""
    return f"To be mended: {without_quotes(fault) if is_others else fault}."
