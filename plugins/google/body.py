"""The text of a Google Doc with the place of each letter, so that what is changed is exactly what was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sdk import ToolError
from plugins.google.composing import units


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a text stands: `tab` is the id of the document's tab, "" for its only one."""

    tab: str
    start: int
    end: int

    @property
    def range(self) -> dict[str, Any]:
        return {"startIndex": self.start, "endIndex": self.end} | ({"tabId": self.tab} if self.tab else {})

    @property
    def location(self) -> dict[str, Any]:
        return {"index": self.start} | ({"tabId": self.tab} if self.tab else {})


def spots(document: Any, wanted: str) -> list[Spot]:
    """Everywhere that a text stands in one piece."""
    return [spot for tab, body in _bodies(document) for spot in _within(tab, list(_letters(body)), wanted)]


def only_spot(document: Any, wanted: str) -> Spot:
    """Raises `ToolError` unless the text stands there exactly once."""
    found = spots(document, wanted)
    if len(found) == 1:
        return found[0]
    if not found:
        raise ToolError(
            "The document does not have this text as it is written here. Read it again with read_file, and give the "
            "text without Markdown, from within one paragraph."
        )
    raise ToolError(f"This text stands in the document {len(found)} times. Give more of what is around it.")


def end(document: Any) -> int:
    """The index before the last line break of the first body."""
    content = _first(document)[1].get("content", ())
    return max(int(content[-1].get("endIndex", 2)) - 1, 1) if content else 1


def is_empty(document: Any) -> bool:
    return end(document) <= 1


def named(document: Any, prefix: str) -> Iterator[Spot]:
    """From each place with a name that begins so to the end of the first body."""
    tabs = document.get("tabs", ())
    tab = tabs[0].get("documentTab", {}) if tabs else document
    for name, given in tab.get("namedRanges", {}).items():
        if name.startswith(prefix):
            for where in (where for one in given.get("namedRanges", ()) for where in one.get("ranges", ())):
                start = int(where.get("startIndex", 1))
                yield Spot(tab=_first(document)[0], start=start, end=end(document))


def text(document: Any, spot: Spot) -> str:
    """What stands in a part of the first body."""
    return "".join(letter for letter, at in _letters(_first(document)[1]) if spot.start <= at < spot.end)


def _first(document: Any) -> tuple[str, Any]:
    return next(iter(_bodies(document)), ("", {}))


def _bodies(document: Any) -> Iterator[tuple[str, Any]]:
    if "tabs" not in document:
        yield "", document.get("body", {})
        return
    waiting = list(document["tabs"])
    while waiting:
        tab = waiting.pop(0)
        yield tab.get("tabProperties", {}).get("tabId", ""), tab.get("documentTab", {}).get("body", {})
        waiting = tab.get("childTabs", []) + waiting


def _letters(body: Any) -> Iterator[tuple[str, int]]:
    """Each letter with its index; what is no text has none."""
    for element in body.get("content", ()):
        for piece in element.get("paragraph", {}).get("elements", ()):
            at = int(piece.get("startIndex", 0))
            for letter in piece.get("textRun", {}).get("content", ""):
                yield letter, at
                at += units(letter)
        for row in element.get("table", {}).get("tableRows", ()):
            for cell in row.get("tableCells", ()):
                yield from _letters(cell)


def _within(tab: str, letters: list[tuple[str, int]], wanted: str) -> Iterator[Spot]:
    text = "".join(letter for letter, _ in letters)
    at = text.find(wanted)
    while at >= 0:
        first, last = letters[at], letters[at + len(wanted) - 1]
        spot = Spot(tab=tab, start=first[1], end=last[1] + units(last[0]))
        if spot.end - spot.start == units(wanted):
            yield spot
        at = text.find(wanted, at + 1)
