"""What came back to a task and can bear out a figure: not what it had said itself, which a command prints again.

A number counts as its own where it stands in what it wrote or ran. A result that is from nowhere but its own folder, or
from a file that it wrote, is read without those; one that is from elsewhere is read as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.domain.effect import Effect
from bot.engine.figures import NOT_TEXT, Figure, scaled, texts, without
from bot.store.calls import Entry

PROSE = frozenset((".docx", ".xlsx", ".pptx", ".pdf", ".html", ".md", ".txt", ".csv", ".tsv", ".rst"))
_MOST_RESULTS = 300
_SMALL = 12
_OF_A_CLAIM = NOT_TEXT - {"code", "formula", "mermaid"}


@dataclass(frozen=True)
class Said:
    """`numbers` are all that it wrote or ran; `claims` those that are no mere setting of a program."""

    numbers: set[float] = field(default_factory=set)
    claims: set[float] = field(default_factory=set)

    def hear(self, entry: Entry) -> None:
        if entry.receipt is None:
            return
        is_prose = Path(entry.receipt.where).suffix.lower() in PROSE
        found = {value for text in texts(entry.call.input, but=_OF_A_CLAIM) for value in scaled(text)}
        self.numbers.update(found)
        self.claims.update(value for value in found if _is_claim(value, is_prose=is_prose))

    def holds(self, figure: Figure) -> bool:
        among = self.numbers if figure.is_percent else self.claims
        return any(value in among for value, _ in figure.readings)


def said(entries: Iterable[Entry]) -> Said:
    found = Said()
    for entry in entries:
        found.hear(entry)
    return found


def results(entries: Iterable[Entry], own: Path, granted: Iterable[str]) -> list[str]:
    """`granted` are the paths of folders that hold the words of others; in its `own` there may be some, too."""
    places, touched, heard, found = tuple(granted), set[Path](), Said(), list[str]()
    for entry in entries:
        if entry.is_error or not entry.state.has_answer:
            continue
        heard.hear(entry)
        is_its_own = _is_its_own(entry, own, places, touched)
        if entry.receipt is not None and any(texts(entry.call.input, but=NOT_TEXT)):
            touched.add(Path(entry.receipt.where))
            if entry.receipt.effect is Effect.CREATE:
                continue  # it says how long the file is
        found.append(without(entry.text, heard.claims) if is_its_own else entry.text)
    return found[-_MOST_RESULTS:]


def _is_its_own(entry: Entry, own: Path, granted: tuple[str, ...], touched: set[Path]) -> bool:
    named = list(_places(entry.call.input))
    if not named:
        return entry.receipt is not None
    paths = [own / name for name in named]
    if all(any(path == one or one in path.parents for one in touched) for path in paths):
        return True
    return not any(folder in name for folder in granted for name in named)


def _places(given: Mapping[str, Any]) -> Iterable[str]:
    """Where a call says that it reads; a command names what it can see."""
    for name in ("path", "files", "folder", "command"):
        yield from texts(given.get(name))


def _is_claim(value: float, *, is_prose: bool) -> bool:
    """In what is run, a round number is a setting (1,000 times), and so is a power of two."""
    if value % 1:
        return True
    if is_prose:
        return value > _SMALL
    return len(f"{value:.0f}".rstrip("0")) > 2 and int(value).bit_count() > 1
