"""A folder of forty real reports in six formats, as a team leaves it lying about."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import openpyxl
from pptx import Presentation

DEPARTMENTS = ("Finance", "Sales", "Engineering", "Marketing", "Operations")
KINDS = ("Report", "Budget", "Forecast", "Review")
MONTHS = ("January", "February", "March", "April", "May", "June")


def write_reports(folder: Path, count: int = 40) -> list[Path]:
    """Write `count` files: Markdown, Word, Excel, PowerPoint, PDF and CSV in turn, each telling what it is."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder, number) for number in range(count)]


def fingerprints(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below, by its path relative to the folder."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _write(folder: Path, number: int) -> Path:
    department = DEPARTMENTS[number % len(DEPARTMENTS)]
    kind = KINDS[(number // 5) % len(KINDS)]
    month = MONTHS[(number // 3) % len(MONTHS)]
    lines = [
        f"{department} {kind}",
        f"Department: {department}",
        f"Period: {month} 2026",
        f"This is the {kind.lower()} of {department} for {month} 2026, number {number}.",
    ]
    make, suffix = _FORMATS[number % len(_FORMATS)]
    file = folder / f"scan {number:02d} final{' (2)' if number % 7 == 0 else ''}.{suffix}"
    make(file, lines)
    return file


def _markdown(file: Path, lines: list[str]) -> None:
    file.write_text(f"# {lines[0]}\n\n" + "\n\n".join(lines[1:]) + "\n", "utf-8")


def _word(file: Path, lines: list[str]) -> None:
    document = docx.Document()
    document.add_heading(lines[0])
    for line in lines[1:]:
        document.add_paragraph(line)
    document.save(str(file))


def _excel(file: Path, lines: list[str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append([line])
    book.save(file)


def _slides(file: Path, lines: list[str]) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = lines[0]
    slide.placeholders[1].text = "\n".join(lines[1:])
    deck.save(str(file))


def _csv(file: Path, lines: list[str]) -> None:
    file.write_text("field,value\n" + "".join(f'line,"{line}"\n' for line in lines), "utf-8")


def _pdf(file: Path, lines: list[str]) -> None:
    file.write_bytes(b"".join(_pdf_parts(lines)))


def _pdf_parts(lines: list[str]) -> Iterator[bytes]:
    """One page of text, by the PDF 1.4 reference."""
    text = b"BT /F1 12 Tf 50 780 Td 16 TL " + b" ".join(f"({line}) Tj T*".encode() for line in lines) + b" ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    yield body
    yield b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    yield b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))


_FORMATS: tuple[tuple[Callable[[Path, list[str]], None], str], ...] = (
    (_markdown, "md"),
    (_word, "docx"),
    (_excel, "xlsx"),
    (_slides, "pptx"),
    (_pdf, "pdf"),
    (_csv, "csv"),
)
