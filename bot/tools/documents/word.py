"""DOCX: headings, lists, tables and emphasis. Libraries are imported where they are used: slow to start."""

from __future__ import annotations

import io
from typing import BinaryIO

from bot.tools.documents.document import Document
from bot.tools.documents.web import markdown_of


def from_docx(file: BinaryIO) -> Document:
    """The document without its pictures."""
    import mammoth

    pictures: list[object] = []

    def dropped(picture: object) -> list[object]:
        pictures.append(picture)
        return []

    nameless = io.BytesIO(file.read())  # by a file's name the library would look for files beside it
    html = mammoth.convert_to_html(nameless, convert_image=dropped).value
    text, note = markdown_of(html)
    if pictures:
        note = f"{note} Pictures are not shown: {len(pictures)}.".strip()
    return Document(format="docx", text=text, note=note)
