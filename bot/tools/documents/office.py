"""Which family a document is of, by what is in it and not by its name, and that family's reader."""

from __future__ import annotations

from typing import BinaryIO

from bot.documents import archive
from bot.errors import ToolError
from bot.tools.documents import pdf, sheets, slides, web, word
from bot.tools.documents.document import Document

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 1024


def is_document(head: bytes, name: str) -> bool:
    """Whether the first bytes (or, for HTML, the name) tell one of the families."""
    return head.startswith((b"PK\x03\x04", _OLE)) or b"%PDF-" in head or _is_html(head, name)


def read(file: BinaryIO, name: str) -> Document:
    """The document, parsed right here: for the child process of `apart`."""
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _packed(file, name)
    if head.startswith(_OLE):
        return _old_office(file, name)
    if b"%PDF-" in head:
        return pdf.from_pdf(file, name)
    return web.from_html(file)


def _packed(file: BinaryIO, name: str) -> Document:
    kind = archive.family(file, name)
    file.seek(0)
    match kind:
        case "docx":
            return word.from_docx(file)
        case "pptx":
            return slides.from_slides(file)
        case _:
            return sheets.from_sheets(file, name, kind)


def _old_office(file: BinaryIO, name: str) -> Document:
    content = file.read()
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise archive.encrypted(name)
    if any(stream.encode("utf-16-le") in content for stream in ("Workbook", "Book")):
        return sheets.from_sheets(file, name, "xls")
    raise ToolError(
        f"'{name}' is in an old Office format (as .doc or .ppt) that is not read here. Ask for it as DOCX, PPTX "
        f"or PDF."
    )


def _is_html(head: bytes, name: str) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    by_name = name.lower().endswith((".html", ".htm", ".xhtml")) and b"\0" not in head
    return by_name or start.startswith((b"<!doctype html", b"<html"))
