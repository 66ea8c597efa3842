"""Finding text in names and in the lines of text files, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from bot.domain.veil import Veil
from bot.errors import ToolError
from bot.tools.entries import Entry
from bot.tools.paths import Spot

MOST_HITS = 100
LARGEST_FILE = 5 * 1024 * 1024
LONGEST_LINE = 300


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A name (line 0) or a line that holds the query."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """The hits, whether there are `more`, and how many files were not looked into (large, binary)."""

    hits: tuple[Hit, ...]
    more: bool
    skipped: int


def search(
    query: str,
    entries: Iterable[tuple[Spot, Entry]],
    opened: Callable[[Spot], BinaryIO],
    veil: Veil = Veil(),
) -> Found:
    """The first 100 names and lines that hold the query, upper and lower case alike, as they are behind the veil."""
    wanted = query.strip().casefold()
    if not wanted:
        raise ToolError("The query is empty. Give a word or a part of a name.")
    skipped: list[str] = []
    hits = list(islice(_hits(wanted, entries, opened, skipped, veil), MOST_HITS + 1))
    return Found(hits=tuple(hits[:MOST_HITS]), more=len(hits) > MOST_HITS, skipped=len(skipped))


def _hits(
    wanted: str,
    entries: Iterable[tuple[Spot, Entry]],
    opened: Callable[[Spot], BinaryIO],
    skipped: list[str],
    veil: Veil,
) -> Iterator[Hit]:
    for spot, entry in entries:
        if wanted in entry.name.casefold():
            yield Hit(path=entry.path, line=0, text=entry.name)
        if entry.kind != "file":
            continue
        content = _content(spot, entry, opened)
        if content is None:
            skipped.append(entry.path)
            continue
        text = content.decode("utf-8", "replace")
        if wanted in text.casefold():
            yield from _lines(wanted, entry.path, veil.masked(text))


def _content(spot: Spot, entry: Entry, opened: Callable[[Spot], BinaryIO]) -> bytes | None:
    if entry.size > LARGEST_FILE:
        return None
    try:
        with opened(spot) as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ToolError):
        return None
    return None if b"\0" in content[:8192] or len(content) > LARGEST_FILE else content


def _lines(wanted: str, path: str, text: str) -> Iterator[Hit]:
    for number, line in enumerate(text.splitlines(), start=1):
        at = line.casefold().find(wanted)
        if at >= 0:
            start = max(0, at - LONGEST_LINE // 2)
            yield Hit(path=path, line=number, text=line[start : start + LONGEST_LINE].strip())
