"""Any file as Markdown: text right here, documents in a process of their own."""

from __future__ import annotations

from typing import BinaryIO

from bot.errors import ToolError
from bot.sdk.halt import Halt
from bot.tools.documents import apart, office, plain
from bot.tools.documents.document import LARGEST_FILE, MEGABYTE, Document, presentable

_HEAD = 1024


def read(file: BinaryIO, name: str, *, size: int, halt: Halt | None = None) -> Document:
    """The file's text as Markdown, or a `ToolError` that says why not and what to do. At most 50 MB."""
    halt = halt or Halt()
    if size > LARGEST_FILE:
        raise _too_large(name, size)
    head = file.read(_HEAD)
    if head and office.is_document(head, name):
        return apart.read(file, name, halt)
    content = bytearray(head)
    while piece := file.read(MEGABYTE):
        halt.check()
        content += piece
        if len(content) > LARGEST_FILE:
            raise _too_large(name, len(content))
    return presentable(plain.from_text(bytes(content), name))


def _too_large(name: str, size: int) -> ToolError:
    return ToolError(
        f"'{name}' has {size / MEGABYTE:.1f} MB; at most {LARGEST_FILE // MEGABYTE} MB are read. Ask for a smaller "
        f"file or a part of it, or search it with search_files."
    )
