"""What a document says about itself: its title, and fields such as `Department: Finance`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.rehearsal.goals.words import key, unescaped

_HEAD = 60
_FIELD = re.compile(r"^(?P<name>[^\W\d_][\w /&.-]{1,28}?)\s*[:：=]\s*(?P<value>\S.*)$")
_MARKS = re.compile(r"^\s*(?:[-*+]\s+|#+\s+|>\s*)*|(?<!\\)[*_`]{1,3}")
_SHEET = re.compile(r"^\s*#{1,6}\s*(?:sheet|page|slide|tabelle|seite|folie)\s*\d*\s*[:.–-]?\s*", re.I)
_COLUMN_NAMES = re.compile(
    r"(?i).*\b(?:amount|name|value|date|month|year|quarter|total|type|owner|budget|status|count|headcount|e-?mail"
    r"|employees?|costs?|revenue|actual|planned|description|item|department|period|notes?|currency|share|id)\b.*"
)
_RULE = re.compile(r"^\s*\|?[\s:|=-]*\|?\s*$")
_HEADING = re.compile(r"^#{1,3}\s+\S")


def title_of(text: str) -> list[str]:
    """The lines that a reader would take for the title: headings first, else the first three lines."""
    lines = [_SHEET.sub("", line) for line in text.splitlines()[:_HEAD] if not _RULE.match(line)]
    headings = [_plain(line) for line in lines if _HEADING.match(line)]
    first = [_plain(line) for line in lines if line.strip() and not line.lstrip().startswith("|")][:4]
    plain = [line for line in first if not _FIELD.match(line) and not _is_prose(line)]
    return [line for line in [*headings[:2], *plain[:3]] if line]


def fields_of(text: str) -> dict[str, str]:
    """Fields by name (comparable): lines `Name: value`, table rows `| Name | value |`, one-valued columns."""
    said: dict[str, str] = {}
    for name, value in (*_lines(text), *_columns(text), *_rows(text)):
        said.setdefault(key(name).strip(), value.strip())
    return said


def head_of(text: str, lines: int = 10) -> str:
    """The first lines that say something."""
    return "\n".join([line for line in text.splitlines()[:_HEAD] if line.strip()][:lines])


def cells_of(line: str) -> list[str]:
    """The cells of one line of a Markdown table, or nothing."""
    if not line.strip().startswith("|") or _RULE.match(line):
        return []
    return [_plain(cell.replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines()[:_HEAD]:
        if found := _FIELD.match(_plain(line)):
            yield found["name"], found["value"]


def _rows(text: str) -> Iterator[tuple[str, str]]:
    """Pairs in table rows, but not of the header row of a table with more columns."""
    for cells in map(cells_of, text.splitlines()[:_HEAD]):
        if len([cell for cell in cells if cell]) == 2:
            name, value = (cell for cell in cells if cell)
            if name.endswith(":") or not _COLUMN_NAMES.fullmatch(value):
                yield name.rstrip(":"), value
        for cell in cells:
            if found := _FIELD.match(cell):
                yield found["name"], found["value"]


def _columns(text: str) -> Iterator[tuple[str, str]]:
    """A column that holds the same value in every row says it of the whole document."""
    table = [cells for cells in map(cells_of, text.splitlines()) if cells]
    if len(table) < 2:
        return
    for place, name in enumerate(table[0]):
        values = {row[place] for row in table[1:] if len(row) == len(table[0])}
        if len(values) == 1 and name and (value := values.pop()):
            yield name, value


def _is_prose(line: str) -> bool:
    return len(line) > 90 or (line.endswith(".") and len(line.split()) > 6)


def _plain(line: str) -> str:
    return unescaped(_MARKS.sub("", line)).strip()
