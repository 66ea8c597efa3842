"""What is in a folder: its entries, near or all the way down, without following a link."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.errors import ToolError
from bot.tools import descent
from bot.tools.paths import Spot, legible
from bot.tools.staging import is_stage

Kind = Literal["file", "folder", "link", "device"]
DEEPEST = 64


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in a folder. `path` can be given back to any tool; `target` is where a link leads.

    `changed_ns` is of any change at all, which nobody can set back.
    """

    path: str
    name: str
    kind: Kind
    size: int
    modified_ns: int
    changed_ns: int = 0
    target: str = ""


def kind_of(found: os.stat_result) -> Kind:
    """The kind; "device" is everything that is neither file, folder nor link (FIFO, socket, device)."""
    if stat.S_ISREG(found.st_mode):
        return "file"
    if stat.S_ISDIR(found.st_mode):
        return "folder"
    return "link" if stat.S_ISLNK(found.st_mode) else "device"


def refuse_device(found: os.stat_result, spot: Spot) -> None:
    if kind_of(found) == "device":
        raise ToolError(f"'{spot.shown}' is a device, pipe or socket, not a file. It is left alone.")


def entry(spot: Spot, found: os.stat_result, target: str = "") -> Entry:
    return Entry(
        path=spot.shown,
        name=legible(spot.name),
        kind=kind_of(found),
        size=found.st_size,
        modified_ns=found.st_mtime_ns,
        changed_ns=found.st_ctime_ns,
        target=legible(target),
    )


def below(spot: Spot, *, recursive: bool, skip: Callable[[Spot], bool]) -> Iterator[tuple[Spot, Entry]]:
    """The entries of a folder, by name; with `recursive` those of its folders too (at most 64 levels)."""
    with descent.entered(spot) as folder:
        yield from _entries(folder, spot, recursive, skip)


def _entries(
    folder: int, spot: Spot, recursive: bool, skip: Callable[[Spot], bool]
) -> Iterator[tuple[Spot, Entry]]:
    for name in sorted(os.listdir(folder), key=lambda name: (name.casefold(), name)):
        here = spot.child(name)
        seen = None if is_stage(name) or skip(here) else _seen(folder, here)
        if seen is None:
            continue
        yield here, seen
        if recursive and seen.kind == "folder" and len(here.parts) - len(spot.parts) < DEEPEST:
            yield from _inside(folder, here, skip)


def _inside(folder: int, here: Spot, skip: Callable[[Spot], bool]) -> Iterator[tuple[Spot, Entry]]:
    try:
        inner = os.open(here.name, descent.FOLDER, dir_fd=folder)
    except OSError:  # gone, swapped for a link or not readable: its own entry has been told already
        return
    try:
        yield from _entries(inner, here, True, skip)
    finally:
        os.close(inner)


def _seen(folder: int, here: Spot) -> Entry | None:
    try:
        found = os.stat(here.name, dir_fd=folder, follow_symlinks=False)
        target = os.readlink(here.name, dir_fd=folder) if stat.S_ISLNK(found.st_mode) else ""
    except OSError:  # it went away while we looked
        return None
    return entry(here, found, target)
