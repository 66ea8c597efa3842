"""DOCX: real headings, lists, tables and captions, in the styles of the template it is given."""

from __future__ import annotations

import io
from typing import Any

from bot.documents import packed
from bot.documents.content import (
    Block,
    Charted,
    Code,
    Content,
    Diagram,
    Heading,
    Image,
    PageBreak,
    Table,
    Text,
)
from bot.documents.drawing import Drawing
from bot.documents.markdown import Run, paragraphs, runs
from bot.documents.tabular import shown


def written(content: Content, drawing: Drawing, template: bytes | None) -> bytes:
    """The file. A template keeps its styles, its headers and its page; its text is replaced."""
    import docx

    document = docx.Document(io.BytesIO(template) if template else None)
    if content.title:
        document.add_heading(content.title, 0)
    for block in content.blocks:
        _set(document, block, drawing)
    file = io.BytesIO()
    document.save(file)
    return packed.steady(file.getvalue())


def _set(document: Any, block: Block, drawing: Drawing) -> None:
    from docx.shared import Cm

    match block:
        case Heading():
            _said(document.add_heading(level=block.level), runs(block.text))
        case Text():
            for one in paragraphs(block.text):
                style = {"bullet": "List Bullet", "numbered": "List Number", "quote": "Quote"}.get(one.kind)
                _said(document.add_paragraph(style=style), one.runs)
        case Table():
            _tabled(document, block)
        case Code():
            document.add_paragraph(block.code, style="No Spacing")
        case Image() | Charted() | Diagram():
            document.add_picture(io.BytesIO(drawing.picture(block).file), width=Cm(16))
        case PageBreak():
            document.add_page_break()


def _said(paragraph: Any, parts: tuple[Run, ...]) -> None:
    for part in parts:
        run = paragraph.add_run(part.text)
        run.bold, run.italic = part.is_bold or None, part.is_italic or None


def _tabled(document: Any, block: Table) -> None:
    table = document.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    for cell, title in zip(table.rows[0].cells, block.columns, strict=True):
        cell.text = title
    for row in shown(block):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
