"""Entries as lines for another program: JSON with all of it, or CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from bot.store.entries import Entry

_COLUMNS: Final = ("id", "at", "task", "actor", "action", "data", "before", "hash")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Format(StrEnum):
    JSONL = "jsonl"
    CSV = "csv"


def lines(entries: Iterable[Entry], form: Format) -> Iterator[str]:
    """Without their line ends."""
    if form is Format.JSONL:
        yield from (json.dumps(row(entry)) for entry in entries)
        return
    yield _csv(_COLUMNS)
    for entry in entries:
        told = row(entry) | {"data": entry.data}
        yield _csv(str(told[name]) for name in _COLUMNS)


def row(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "task": entry.task_id,
        "actor": entry.actor,
        "action": entry.action,
        "data": json.loads(entry.data),
        "before": entry.before,
        "hash": entry.hash,
    }


def _csv(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="").writerow(map(_harmless, cells))
    return line.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet runs what begins like a formula: an apostrophe makes it text (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
