"""Granted folders copied aside, so that a goal can be tried on them, and what was made of a copy."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.domain.grant import FolderGrant
from bot.errors import NotConfigured


@dataclass(frozen=True, kw_only=True)
class Copies:
    """`folders` are the copies, granted as the originals are; `of` is each original by its copy."""

    folders: tuple[FolderGrant, ...]
    of: dict[str, str]

    def renamed(self, goal: str) -> str:
        """The goal with the places that it names as they are called here."""
        for copy, original in sorted(self.of.items(), key=lambda pair: -len(pair[1])):
            goal = goal.replace(original, copy)
        return goal

    def made(self) -> Made:
        """What is other than in the originals, as they are now."""
        before, after = Counter[str](), Counter[str]()
        was, now = dict[str, str](), dict[str, str]()
        for copy, original in self.of.items():
            was |= _prints(Path(original), original)
            now |= _prints(Path(copy), original)
        changed = [name for name in was if name in now and was[name] != now[name]]
        before.update(was[name] for name in was.keys() - now.keys())
        after.update(now[name] for name in now.keys() - was.keys())
        moved = (before & after).total()
        return Made(
            created=after.total() - moved, changed=len(changed), moved=moved, deleted=before.total() - moved
        )


@dataclass(frozen=True, kw_only=True)
class Made:
    """Files. One that is elsewhere with the same content was moved."""

    created: int
    changed: int
    moved: int
    deleted: int


def copied(folders: Sequence[FolderGrant], to: Path) -> Copies:
    """Every granted folder under `to`; one that lies in another is copied with that.

    Raises `NotConfigured` for what cannot be copied.
    """
    outer = [one for one in folders if not any(_is_in(one.path, other.path) for other in folders)]
    of: dict[str, str] = {}
    for number, path in enumerate(dict.fromkeys(one.path for one in outer), 1):
        copy = to / f"{number}" / (Path(path).name or "root")
        _copy(Path(path), copy)
        of[str(copy)] = path
    return Copies(folders=tuple(replace(one, path=_place(one.path, of)) for one in folders), of=of)


def _copy(source: Path, copy: Path) -> None:
    try:
        shutil.copytree(source, copy, symlinks=True, ignore=_special)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        fault = error.args[0][0][2] if isinstance(error, shutil.Error) else error
        raise NotConfigured(
            f"{source} cannot be copied: {fault}. Nothing was done. Give a folder that you may read with --folder."
        ) from None


def _special(folder: str, names: list[str]) -> list[str]:
    """Neither files, folders nor links: reading one could wait for ever."""
    plain = (stat.S_ISREG, stat.S_ISDIR, stat.S_ISLNK)
    modes = {name: os.lstat(os.path.join(folder, name)).st_mode for name in names}
    return [name for name, mode in modes.items() if not any(is_one(mode) for is_one in plain)]


def _place(path: str, of: dict[str, str]) -> str:
    copy, original = next((c, o) for c, o in of.items() if path == o or _is_in(path, o))
    return str(Path(copy) / Path(path).relative_to(original))


def _is_in(path: str, folder: str) -> bool:
    return path != folder and Path(path).is_relative_to(folder)


def _prints(folder: Path, called: str) -> dict[str, str]:
    return {f"{called}/{path.relative_to(folder)}": _print(path) for path in _files(folder)}


def _files(folder: Path) -> Iterable[Path]:
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent) / name
            if path.is_file() and not path.is_symlink():
                yield path


def _print(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
