"""The versions of what a task hands over: the same file again, or later another by the same title, is the next one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath

from bot.domain.receipt import Deliverable


def numbered(handed: Iterable[tuple[int, Deliverable]]) -> list[Deliverable]:
    """Each with its version, as they were handed over, each with its turn: what comes together is not one file."""
    found: list[Deliverable] = []
    lines: list[list[tuple[int, Deliverable]]] = []
    for turn, one in handed:
        line = next((line for line in lines if any(_is_next(*each, turn, one) for each in line)), None)
        if line is None:
            lines.append(line := [])
        line.append((turn, one))
        found.append(replace(one, version=len(line)))
    return found


def newest(handed: Iterable[Deliverable]) -> dict[str, Deliverable]:
    """Of each file name the last."""
    return {_name(one): one for one in handed}


def earlier(handed: Sequence[Deliverable]) -> dict[str, Deliverable]:
    """All others, by names that no file of the task has: `report (version 1).docx`."""
    last = newest(handed)
    found: dict[str, Deliverable] = {}
    for one in handed:
        if one is not last[_name(one)]:
            found[_called(one, {*last, *found})] = one
    return found


def _is_next(turn: int, before: Deliverable, now: int, one: Deliverable) -> bool:
    """A copy of earlier days has no `source` written down."""
    if before.source and before.source == one.source:
        return True
    was, called = PurePath(before.path), PurePath(one.path)
    if was.suffix.casefold() != called.suffix.casefold():
        return False
    is_title_told = turn != now or was.name == called.name
    if is_title_told and before.title.casefold() == one.title.casefold():
        return True
    return not (before.source and one.source) and was.name == called.name


def _called(one: Deliverable, taken: set[str]) -> str:
    """With another number where two files of one name were handed over."""
    path = PurePath(one.path)
    called, number = f"{path.stem} (version {one.version}){path.suffix}", 2
    while called in taken:
        called, number = f"{path.stem} (version {one.version}, {number}){path.suffix}", number + 1
    return called


def _name(one: Deliverable) -> str:
    return PurePath(one.path).name
