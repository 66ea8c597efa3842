"""Word files as other programs write them, and what stands in one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.shared import RGBColor
from PIL import Image
from pydantic import TypeAdapter

from bot.documents import editing, making
from bot.documents.content import Content
from bot.documents.edits import Edit

_EDITS: TypeAdapter[list[Any]] = TypeAdapter(list[Edit])


def saved(document: Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@cache
def report() -> bytes:
    """Headings, runs of several looks, a link's field, a table, header and footer, two page set-ups."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Draft of March"
    document.add_heading("Report", 1)
    said = document.add_paragraph("The ")
    said.add_run("total co").bold = True
    said.add_run("st is").font.color.rgb = RGBColor(200, 0, 0)
    said.add_run(" 40 EUR.")
    document.add_heading("Risks", 2)
    document.add_paragraph("It’s late.")
    document.add_section(WD_SECTION.NEW_PAGE)
    document.add_heading("Costs", 2)
    table = document.add_table(2, 2, style="Table Grid")
    cells = [one for row in table.rows for one in row.cells]
    for cell, text in zip(cells, ("Item", "EUR", "Hosting", "40"), strict=True):
        cell.text = text
    document.add_paragraph("All in EUR.")
    return saved(document)


def with_parts(file: bytes, change: Callable[[str, bytes], bytes | None], **added: bytes) -> bytes:
    """The same with its parts changed; None leaves one out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as given, zipfile.ZipFile(target, "w") as made:
        for member in given.infolist():
            content = change(member.filename, given.read(member))
            if content is not None:
                made.writestr(member, content)
        for name, content in added.items():
            made.writestr(name.replace("__", "/"), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        return {name: package.read(name) for name in package.namelist()}


def edited(file: bytes, *edits: dict[str, Any]) -> editing.Edited:
    order = editing.Order.model_construct(
        file=file, edits=_EDITS.validate_python(list(edits)), images={"dot.png": picture()}
    )
    return editing.done(order)


def opened(file: bytes) -> Document:
    return docx.Document(io.BytesIO(file))


def texts(file: bytes) -> list[str]:
    return [one.text for one in opened(file).paragraphs]


def made(template: bytes | None = None, **content: Any) -> making.Made:
    images = {"dot.png": picture()}
    order = making.Order.model_construct(
        format="docx", content=Content.model_validate(content), images=images, template=template
    )
    return making.done(order)


@cache
def picture(width: int = 1500, height: int = 300, colour: str = "red") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()
