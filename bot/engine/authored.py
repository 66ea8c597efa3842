"""What a task wrote itself, by file: the words of its calls as they stand after the last of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.documents import placeholders as fillers
from bot.domain.effect import Effect
from bot.domain.task import Task
from bot.engine import leftover
from bot.engine.figures import NOT_TEXT, Figure, figures, texts
from bot.engine.grounds import Grounds
from bot.store.calls import Entry

DOCUMENTS = frozenset((".docx", ".xlsx", ".pptx", ".pdf", ".html"))
"""Always for people; text of other kinds is looked at where it was handed over."""

_WHOLE = ("Created", "Replaced", "Wrote")
_OLD = frozenset(("old_text", "old", "find"))
_MOST_RESULTS = 300


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file of the task: `figures` stand in what it wrote there, by how they are shown; `words` were the last."""

    file: Path
    figures: Mapping[str, Figure]
    words: tuple[str, ...]

    def untraced(self, grounds: Grounds) -> list[str]:
        return [shown for shown, figure in self.figures.items() if not grounds.bear(figure)]


def written(entries: Sequence[Entry], task: Task, own: Path) -> list[Written]:
    """Each document that the last round wrote, and each text of it that was handed over."""
    files: dict[Path, Written] = {}
    fresh: dict[Path, bool] = {}
    handed: set[Path] = set()
    for entry in entries:
        if entry.deliverable is not None and isinstance(path := entry.call.input.get("path"), str):
            handed.add(own / path)
        receipt = entry.receipt
        if receipt is None or receipt.effect not in (Effect.CREATE, Effect.CHANGE):
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


def read(entries: Iterable[Entry], own: Path) -> list[str]:
    """What came back to it, without what it had written itself: that proves nothing."""
    made: set[Path] = set()
    found: list[str] = []
    for entry in entries:
        path = entry.call.input.get("path")
        is_its_own = isinstance(path, str) and own / path in made
        if entry.receipt is not None and entry.receipt.effect is Effect.CREATE:
            made.add(Path(entry.receipt.where))
        elif not is_its_own and not entry.is_error and entry.state.has_answer:
            found.append(entry.text)
    return found[-_MOST_RESULTS:]


def placeholders(found_in: Iterable[str], asked: str) -> list[str]:
    """Those in it, but for such as the requester speaks of."""
    known = asked.casefold()
    return [one for one in fillers.placeholders(found_in) if one.casefold() not in known]


def _after(before: Written | None, file: Path, given: Mapping[str, Any]) -> Written:
    there = dict(before.figures) if before else {}
    for one in (figure for text in _replaced(given) for figure in figures(text)):
        there.pop(one.shown, None)
    there |= {one.shown: one for one in figures(_kept(given))}
    return Written(file=file, figures=there, words=tuple(texts(given)))


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
