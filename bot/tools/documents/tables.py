"""Rows as a Markdown table, and CSV as rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from bot.tools.documents.document import MOST_COLUMNS, MOST_ROWS, Document

_SEPARATORS = ",;\t|"


def markdown_table(rows: Sequence[Sequence[object]]) -> str:
    """The first row is the head; short rows are filled up; cells keep to one line."""
    width = max((len(row) for row in rows), default=0)
    if not width:
        return ""
    lines = [_line(row, width) for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)


def shown_part(rows: Sequence[Sequence[object]], height: int, width: int, of: str) -> tuple[str, str]:
    """A table of at most 10,000 rows and 256 columns, and the note that says so."""
    table = markdown_table([row[:MOST_COLUMNS] for row in rows[:MOST_ROWS]])
    notes = []
    if height > MOST_ROWS:
        notes.append(f"{of}: the first {MOST_ROWS:,} of {height:,} rows are shown.")
    if width > MOST_COLUMNS:
        notes.append(f"{of}: the first {MOST_COLUMNS} of {width:,} columns are shown.")
    return table, " ".join(notes)


def from_separated(text: str, suffix: str) -> Document | None:
    """CSV or TSV as a table; None if it cannot be taken apart into rows."""
    separator = "\t" if suffix == "tsv" else _separator(text)
    rows: list[list[str]] = []
    height = width = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            height += 1
            width = max(width, len(row))
            if height <= MOST_ROWS:
                rows.append(row)
    except csv.Error:
        return None
    table, note = shown_part(rows, height, width, "Table")
    return Document(format=suffix, text=table, note=note)


def _separator(text: str) -> str:
    """The separator that most evenly parts the first lines."""
    sample = [line for line in text[:20_000].splitlines()[:20] if line.strip()]
    if not sample:
        return ","

    def evenness(separator: str) -> tuple[int, int]:
        counts = [_outside_quotes(line).count(separator) for line in sample]
        return min(counts), sum(counts)

    return max(_SEPARATORS, key=evenness)


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _line(row: Sequence[object], width: int) -> str:
    cells = [_cell(value) for value in row] + [""] * (width - len(row))
    return "| " + " | ".join(cells) + " |"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return " ".join(str(value).replace("|", "\\|").split())
