"""Whether a finished file is what it is called: it opens, and is of its format. By structure; nothing in it is run."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

from bot.domain.brief import Format

LARGEST = 50_000_000
_PARTS = {
    Format.WORD: "word/document.xml",
    Format.EXCEL: "xl/workbook.xml",
    Format.SLIDES: "ppt/presentation.xml",
}
_TAIL = 2_048


def fault(path: Path, form: Format) -> str:
    """Why it is not a file of this format, "" when it is."""
    try:
        if not path.is_file():
            return "it is not there"
        if path.stat().st_size == 0:
            return "it is empty"
        return _fault(path, form)
    except (OSError, ValueError, csv.Error, zipfile.BadZipFile, RecursionError) as error:
        return f"it does not open ({type(error).__name__})"


def _fault(path: Path, form: Format) -> str:
    if part := _PARTS.get(form):
        return _package_fault(path, part)
    if form is Format.PDF:
        return _pdf_fault(path)
    if path.stat().st_size > LARGEST:
        return ""
    return _text_fault(path.read_text("utf-8-sig"), form)


def _package_fault(path: Path, part: str) -> str:
    with zipfile.ZipFile(path) as package:
        if part not in package.namelist():
            return f"it has no {part}"
        with package.open(part) as main:
            return "" if main.read(64).lstrip().startswith(b"<") else f"its {part} is not XML"


def _pdf_fault(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(1024)
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    return "" if b"%PDF-" in head and b"%%EOF" in tail else "it is not a PDF"


def _text_fault(text: str, form: Format) -> str:
    if not text.strip():
        return "it is empty"
    if form is Format.JSON:
        json.loads(text)
    elif form is Format.HTML and "<" not in text:
        return "it has no HTML in it"
    elif form is Format.CSV and len(list(csv.reader(text.splitlines(), strict=True))) < 1:
        return "it has no rows"
    return "it has bytes that are no text" if "\0" in text else ""
