"""The job of editing a document: what is named is changed, and every other part of the file stays as it was."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import Base64Bytes, BaseModel, Field

from bot.documents import going, handed
from bot.documents.drawing import Drawing
from bot.documents.edit import Kind
from bot.documents.edits import Edit
from bot.documents.handed import Handed
from bot.errors import ToolError

if TYPE_CHECKING:
    from bot.documents.package import Package

EDITORS: dict[Kind, str] = {"docx": "word.editing", "xlsx": "workbook.editing", "pptx": "decks.editing"}
_MAIN: dict[str, Kind] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
}


class Order(BaseModel):
    """`images` are the pictures that the edits name, by path."""

    file: Handed
    edits: list[Edit]
    images: Mapping[str, Handed] = Field(default_factory=dict)


class Edited(BaseModel):
    """`told` says of each edit what it came to; `notes` what whoever ordered them should know; `lost` in the words of
    the document what is not there any more: for people alone.
    """

    file: Base64Bytes
    told: list[str]
    notes: list[str] = Field(default_factory=list)
    lost: list[str] = Field(default_factory=list)


def done(order: Order) -> Edited:
    """All edits, one after the other. Raises `ToolError` where one cannot be made; then none is."""
    from bot.documents.package import Package

    before = handed.content(order.file)
    package = Package(before)
    kind = _kind(package)
    _refuse_others(kind, order.edits)
    editor = importlib.import_module(f"bot.documents.{EDITORS[kind]}")
    drawing = Drawing(handed.contents(order.images))
    file, told = editor.edited(package, order.edits, drawing)
    return Edited.model_construct(file=file, told=told, notes=drawing.notes, lost=going.lost(before, file))


def _kind(package: Package) -> Kind:
    package.refuse_macros()
    package.refuse_signed()
    kind = _MAIN.get(package.type_of(package.main))
    if kind is None or kind not in EDITORS:
        raise ToolError(
            "Only Word, Excel and PowerPoint files (docx, xlsx, pptx) are edited, and this is none. "
            "Nothing was changed."
        )
    return kind


def _refuse_others(kind: Kind, edits: Sequence[Edit]) -> None:
    for edit in edits:
        if kind not in edit.kinds:
            raise ToolError(
                f"{edit.do} is for {' and '.join(edit.kinds)}, and this file is a {kind}. Nothing was changed."
            )
