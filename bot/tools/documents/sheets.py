"""XLSX, XLS and ODS: one table a sheet. The library is imported where it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from bot.documents.archive import encrypted
from bot.tools.documents import tables
from bot.tools.documents.document import MOST_CHARACTERS, MOST_ROWS, Document

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


def from_sheets(file: BinaryIO, name: str, kind: str) -> Document:
    """The values (not the formulas) of each sheet under a heading with its name."""
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        workbook = CalamineWorkbook.from_filelike(file)
    except PasswordError:
        raise encrypted(name) from None
    parts: list[str] = []
    notes: list[str] = []
    for title in workbook.sheet_names:
        if sum(map(len, parts)) > MOST_CHARACTERS:
            notes.append(f"From sheet '{title}' on nothing is shown.")
            break
        text, note = _sheet(workbook, title)
        parts.append(f"## {title}\n\n{text or '(empty)'}")
        notes.append(note)
    notes.append(_hidden(workbook))
    return Document(format=kind, text="\n\n".join(parts), note=" ".join(filter(None, notes)))


def _sheet(workbook: CalamineWorkbook, title: str) -> tuple[str, str]:
    from python_calamine import WorksheetNotFound

    try:
        sheet = workbook.get_sheet_by_name(title)
    except WorksheetNotFound:  # a sheet that is only a chart
        return "", f"Sheet '{title}' holds no cells."
    rows = sheet.to_python(nrows=MOST_ROWS)
    return tables.shown_part(rows, sheet.height, sheet.width, f"Sheet '{title}'")


def _hidden(workbook: CalamineWorkbook) -> str:
    from python_calamine import SheetVisibleEnum

    names = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible]
    return f"Hidden in the file: {', '.join(names)}." if names else ""
