"""Names in a batch that would collide, with each other or with what is there, on any disk people use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.errors import ToolError
from bot.tools import descent
from bot.tools.paths import Spot, legible
from bot.tools.renaming import folded


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A target that cannot be had beside `other`, and why."""

    target: str
    other: str
    reason: str


def clashes(targets: Sequence[Spot], leaving: Sequence[Spot] = ()) -> list[Clash]:
    """What collides among files to be made at `targets`, once those at `leaving` are gone."""
    return [*_among(targets), *_with_existing(targets, {_key(spot) for spot in leaving})]


def _among(targets: Sequence[Spot]) -> Iterator[Clash]:
    files: dict[tuple[str, ...], Spot] = {}
    folders: dict[tuple[str, ...], Spot] = {}
    for target in targets:
        twin = files.setdefault(_key(target), target)
        if twin is not target:
            yield Clash(target=target.shown, other=twin.shown, reason=_why(target, twin))
        for folder in _folders_of(target):
            first = folders.setdefault(_key(folder), folder)
            if first.parts != folder.parts and first.real != folder.real:
                yield Clash(target=target.shown, other=first.shown, reason=_why(folder, first))
    for key in files.keys() & folders.keys():
        yield Clash(
            target=files[key].shown,
            other=folders[key].shown,
            reason="one would be a file and a folder at once",
        )


def _with_existing(targets: Sequence[Spot], leaving: set[tuple[str, ...]]) -> Iterator[Clash]:
    seen: dict[str, list[str]] = {}
    for target in targets:
        for place in (*_folders_of(target), target):
            parent = place.up_to(-1)
            if parent.real not in seen:
                seen[parent.real] = _names(parent)
            found = _existing(place, seen[parent.real], is_file=place is target)
            if found and _key(found) not in leaving:
                yield Clash(target=target.shown, other=found.shown, reason=_why(place, found, there=True))


def _names(parent: Spot) -> list[str]:
    try:
        with descent.entered(parent) as folder:
            return descent.names_in(folder)
    except (OSError, ToolError):  # no such folder yet: nothing is in it
        return []


def _existing(place: Spot, names: list[str], *, is_file: bool) -> Spot | None:
    if place.name in names:
        return place if is_file else None
    alike = [name for name in names if folded(name) == folded(place.name)]
    return place.up_to(-1).child(alike[0]) if alike else None


def _folders_of(target: Spot) -> list[Spot]:
    return [target.up_to(depth) for depth in range(1, len(target.parts))]


def _key(spot: Spot) -> tuple[str, ...]:
    return tuple(folded(name) for name in spot.real.split("/"))


def _why(spot: Spot, other: Spot, *, there: bool = False) -> str:
    if spot.real == other.real:
        return "it is there already" if there else "both have one name"
    if legible(spot.name).casefold() == legible(other.name).casefold():
        return "the names differ only in upper and lower case"
    return "the names differ only in how their letters are encoded"
