"""Control groups: where we are root no limit on processes binds but the one that the kernel keeps of a whole group."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TREE: Final = Path("/sys/fs/cgroup")

_NAME: Final = "cowork"
_numbers = itertools.count()


@contextlib.contextmanager
def groups(processes: int, memory: int, tree: Path = TREE) -> Iterator[tuple[str, ...]]:
    """The files to write a process's number into, so that it and its children are held to this together.

    None where the machine lets us make no such group.
    """
    made: list[Path] = []
    try:
        with contextlib.suppress(OSError):
            made.extend(_made(tree, processes, memory))
        yield tuple(str(one / "cgroup.procs") for one in made)
    finally:
        for one in made:
            with contextlib.suppress(OSError):
                one.rmdir()


def _made(tree: Path, processes: int, memory: int) -> Iterator[Path]:
    """Of the first version a group for each of the two, of the second one for both."""
    name = f"{_NAME}-{os.getpid()}-{next(_numbers)}"
    if (tree / "cgroup.controllers").exists():
        with contextlib.suppress(OSError):
            (tree / "cgroup.subtree_control").write_text("+pids +memory")
        limits = {"pids.max": processes, "memory.max": memory, "memory.swap.max": 0}
        yield from _group(tree / name, limits)
        return
    yield from _group(_ours(tree, "pids") / name, {"pids.max": processes})
    yield from _group(_ours(tree, "memory") / name, {"memory.limit_in_bytes": memory})


def _ours(tree: Path, controller: str) -> Path:
    """The group that we are in ourselves: what holds for us holds for what is in it."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(",") and (tree / controller / path[1:]).is_dir():
            return tree / controller / path[1:]
    return tree / controller


def _group(place: Path, limits: dict[str, int]) -> Iterator[Path]:
    """One that could not be given what it is for, the first of its limits, is none."""
    _clear(place.parent)
    place.mkdir()
    for number, (name, most) in enumerate(limits.items()):
        try:
            (place / name).write_text(str(most))
        except OSError:
            if not number:
                place.rmdir()
                raise
    yield place


def _clear(parent: Path) -> None:
    """What processes of ours left that were killed."""
    for one in parent.glob(f"{_NAME}-*-*"):
        if not Path("/proc", one.name.split("-")[1]).exists():
            with contextlib.suppress(OSError):
                one.rmdir()
