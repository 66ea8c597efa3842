"""PDF: the text of each page. The library is imported where it is used, as it is slow to start."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

from bot.documents.archive import encrypted
from bot.tools.documents.document import MOST_CHARACTERS, MOST_PAGES, Document

if TYPE_CHECKING:
    from pypdf import PageObject

_SECONDS = 40


def from_pdf(file: BinaryIO, name: str) -> Document:
    """The pages under headings `## Page 3`."""
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(file)
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise encrypted(name)
    count = len(reader.pages)
    texts = _texts(reader.pages[:MOST_PAGES])
    pages = [f"## Page {number}\n\n{text or ''}".rstrip() for number, text in enumerate(texts, start=1)]
    return Document(format="pdf", text="\n\n".join(pages), note=_note(texts, count))


def _texts(pages: Sequence[PageObject]) -> list[str | None]:
    """One text a page; None for a page that could not be read. Ends early when it takes too long."""
    texts: list[str | None] = []
    until = time.process_time() + _SECONDS
    room = MOST_CHARACTERS
    for page in pages:
        if time.process_time() > until or room < 0:
            break
        try:
            texts.append(page.extract_text().strip())
        except Exception:  # noqa: BLE001 - a damaged page raises anything; the others are still worth having
            texts.append(None)
        room -= len(texts[-1] or "")
    return texts


def _note(texts: list[str | None], count: int) -> str:
    notes = []
    if len(texts) < count:
        notes.append(f"The first {len(texts):,} of {count:,} pages are shown.")
    broken = [str(number) for number, text in enumerate(texts, start=1) if text is None]
    if broken:
        notes.append(f"Could not be read: page {', '.join(broken[:20])}.")
    if texts and not any(texts):
        notes.append("No text was found: the pages are probably scanned pictures.")
    return " ".join(notes)
