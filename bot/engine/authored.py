"""What a task wrote itself, by file: the words of its calls as they stand after the last of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.documents import placeholders as fillers
from bot.domain.effect import Effect
from bot.domain.task import Task
from bot.engine import leftover
from bot.engine.figures import NOT_TEXT, Figure, figures, texts
from bot.engine.gleaned import Said
from bot.engine.grounds import Grounds
from bot.store.calls import Entry

DOCUMENTS = frozenset((".docx", ".xlsx", ".pptx", ".pdf", ".html"))
"""Always for people; text of other kinds is looked at where it was handed over."""

_WHOLE = ("Created", "Replaced", "Wrote")
_TOLD = r"(?:Made|Changed|,) {}(?=[,;]|$| and \d)"
_OLD = frozenset(("old_text", "old", "find"))


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file of the task: `figures` stand in what it wrote there, by how they are shown; `words` were the last.

    `is_by_command`: a program wrote it, and only the file itself knows what stands there.
    """

    file: Path
    figures: Mapping[str, Figure]
    words: tuple[str, ...]
    is_by_command: bool = False

    def as_read(self, text: str, said: Said) -> Written:
        """With those of its figures that the task had put there; what its program came to is no claim of its own."""
        found = {one.shown: one for one in figures(text) if said.holds(one)}
        return replace(self, figures={**self.figures, **found})

    def untraced(self, grounds: Grounds) -> list[str]:
        return [shown for shown, figure in self.figures.items() if not grounds.bear(figure)]


def written(entries: Sequence[Entry], task: Task, own: Path) -> list[Written]:
    """Each document that the last round wrote, and each text of it that was handed over."""
    files: dict[Path, Written] = {}
    fresh: dict[Path, bool] = {}
    handed = {place for entry in entries if (place := _handed(entry, own)) is not None}
    for entry in entries:
        for place in _by_command(entry, (*files, *handed), own):
            files[place] = Written(file=place, figures={}, words=(), is_by_command=True)
            fresh[place] = leftover.is_of_round(entry, task)
        receipt = entry.receipt
        if receipt is None or receipt.effect not in (Effect.CREATE, Effect.CHANGE) or _is_command(entry):
            continue
        place = Path(receipt.where)
        if not any(texts(entry.call.input, but=NOT_TEXT)):  # moved or copied: the words are somebody else's
            files.pop(place, None)
            continue
        before = files.get(place) if receipt.what not in _WHOLE else None
        files[place] = _after(before, place, entry.call.input)
        fresh[place] = leftover.is_of_round(entry, task)
    return [
        one
        for place, one in files.items()
        if fresh[place] and (place in handed or place.suffix.lower() in DOCUMENTS)
    ]


def placeholders(found_in: Iterable[str], asked: str) -> list[str]:
    """Those in it, but for such as the requester speaks of."""
    known = asked.casefold()
    return [one for one in fillers.placeholders(found_in) if one.casefold() not in known]


def _handed(entry: Entry, own: Path) -> Path | None:
    if entry.deliverable is None:
        return None
    path = entry.deliverable.source or entry.call.input.get("path")
    return own / path if isinstance(path, str) else None


def _is_command(entry: Entry) -> bool:
    return isinstance(entry.call.input.get("command"), str)


def _by_command(entry: Entry, places: Iterable[Path], own: Path) -> list[Path]:
    """Those that the receipt of a command says that it made or changed; it names the nearest ones."""
    receipt = entry.receipt
    if receipt is None or not _is_command(entry):
        return []
    folder = own.resolve() if receipt.effect is Effect.EXECUTE else Path(receipt.where)
    return [
        place
        for place in dict.fromkeys(places)
        if place.is_relative_to(folder)
        and re.search(_TOLD.format(re.escape(str(place.relative_to(folder)))), receipt.after)
    ]


def _after(before: Written | None, file: Path, given: Mapping[str, Any]) -> Written:
    there = dict(before.figures) if before else {}
    for one in (figure for text in _replaced(given) for figure in figures(text)):
        there.pop(one.shown, None)
    there |= {one.shown: one for one in figures(_kept(given))}
    is_by_command = before is not None and before.is_by_command
    return Written(file=file, figures=there, words=tuple(texts(given)), is_by_command=is_by_command)


def _replaced(value: Any) -> list[str]:
    """The texts that an edit takes out."""
    match value:
        case Mapping():
            here = [one for name, one in value.items() if name in _OLD and isinstance(one, str)]
            return here + [text for one in value.values() for text in _replaced(one)]
        case list() | tuple():
            return [text for one in value for text in _replaced(one)]
    return []


def _kept(value: Any) -> Any:
    match value:
        case Mapping():
            return {name: _kept(one) for name, one in value.items() if name not in _OLD}
        case list() | tuple():
            return [_kept(one) for one in value]
    return value
