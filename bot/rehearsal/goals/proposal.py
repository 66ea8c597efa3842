"""From a draft to exact moves: which folders to make, which file goes where under which name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from bot.rehearsal.goals.draft import Draft, Placement
from bot.rehearsal.goals.naming import extension, free, numbered
from bot.rehearsal.goals.words import key, listed

UNSORTED = "Unsorted"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one file ends: `target` is a path within the organised folder; `why` it could not be placed."""

    placement: Placement
    target: str
    why: str = ""

    @property
    def moves(self) -> bool:
        """Whether the file moves at all."""
        return self.target != self.placement.filing.inside

    @property
    def group(self) -> str:
        """The folder it ends in, within the organised one."""
        parent = str(PurePosixPath(self.target).parent)
        return "" if parent == "." else parent


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A whole new order of one folder."""

    root: str
    places: tuple[Place, ...]
    new_folders: tuple[str, ...]

    @property
    def moves(self) -> list[Place]:
        """The files that move."""
        return [place for place in self.places if place.moves]

    @property
    def actions(self) -> list[dict[str, Any]]:
        """The exact calls that make it so, folders first."""
        made = [
            {"tool": "make_folder", "input": {"path": f"{self.root}/{name}"}} for name in self.new_folders
        ]
        moved = [
            {
                "tool": "move_file",
                "input": {"source": p.placement.filing.path, "destination": f"{self.root}/{p.target}"},
            }
            for p in self.moves
        ]
        return [*made, *moved]


def proposed(draft: Draft, root: str, folders: Iterable[str], files: Iterable[str]) -> Proposal:
    """The order that a draft comes to, given the folders and files (within `root`) that are there.

    No target equals another or anything that is there now, whatever its case or encoding.
    """
    there = list(folders)
    taken = {key(name) for name in (*there, *files)}
    groups = _Groups(there, taken)
    wanted = [_wanted(draft, placement, groups) for placement in draft.placements]
    places = [_place(each, taken) for each in wanted]
    ends_in = {place.group for place in places if place.moves}
    return Proposal(
        root=root,
        places=tuple(places),
        new_folders=tuple(sorted(name for name in groups.made if name in ends_in)),
    )


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """Where a placement would go if nothing else were there; no stem means its own name."""

    placement: Placement
    folder: str
    stem: str = ""
    why: str = ""


class _Groups:
    """Folder names: one that is there is used as it is written, a new one must not be a file's name."""

    def __init__(self, folders: Iterable[str], taken: set[str]) -> None:
        self._there = {key(name): name for name in folders if "/" not in name}
        self._taken = taken
        self.made: set[str] = set()

    def named(self, name: str) -> str:
        """The folder for a group of that name."""
        if key(name) not in self._there:
            self._there[key(name)] = self._numbered(name) or self._fresh(name)
        return self._there[key(name)]

    def _numbered(self, name: str) -> str | None:
        """One that was numbered before, because a file had the name then."""
        keys = (f"{key(name)}-{number}" for number in range(2, 10))
        return next((self._there[one] for one in keys if one in self._there), None)

    def _fresh(self, name: str) -> str:
        fresh = free("", name, "", self._taken)
        self.made.add(fresh)
        return fresh


def _wanted(draft: Draft, placement: Placement, groups: _Groups) -> _Wanted:
    filing = placement.filing
    if placement.kept:
        return _Wanted(placement=placement, folder=filing.folder)
    why = _unplaceable(draft, placement)
    if why and draft.flat:
        return _Wanted(placement=placement, folder=filing.folder, why=why)
    if why:
        return _Wanted(placement=placement, folder=groups.named(UNSORTED), why=why)
    folder = "" if draft.flat else groups.named(placement.group(draft.grouping))
    return _Wanted(placement=placement, folder=folder, stem=_stem(draft, placement))


def _unplaceable(draft: Draft, placement: Placement) -> str:
    """Why a file has no place: it could not be read, or something that its name or folder needs is not known."""
    grouped = set() if draft.flat else {draft.grouping if draft.grouping != "year" else "period"}
    needs = grouped if placement.own_name or placement.renamed else grouped | draft.convention.needs
    lacking = placement.lacks(needs)
    return (placement.filing.problem or f"no {listed(lacking, 'or')} found") if lacking else ""


def _stem(draft: Draft, placement: Placement) -> str:
    if placement.own_name or placement.renamed:
        return placement.renamed
    return draft.convention.stem(
        period=placement.period, department=placement.department, type=placement.type
    )


def _place(wanted: _Wanted, taken: set[str]) -> Place:
    """The first free target; a file that is where it should be stays."""
    filing = wanted.placement.filing
    stem = wanted.stem or filing.name.removesuffix(PurePosixPath(filing.name).suffix)
    ending = extension(filing.name) if wanted.stem else PurePosixPath(filing.name).suffix
    at_home = key(filing.folder) == key(wanted.folder)
    if at_home and (not wanted.stem or numbered(stem, ending, filing.name)):
        return Place(placement=wanted.placement, target=filing.inside, why=wanted.why)
    target = free(wanted.folder, stem, ending, taken)
    taken.add(key(target))
    return Place(placement=wanted.placement, target=target, why=wanted.why)
