"""What a command left in a folder is looked at as its enemy's: links never followed, what may not stay is removed."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.sandbox.cell import reachable
from bot.sdk.halt import Halt

DEEPEST: Final = 100
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_PASS: Final = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
_SET_ID: Final = stat.S_ISUID | stat.S_ISGID

Print = tuple[int, int, int, int, int, int]
"""Of a thing in a folder: device, inode, mode, size, and when it and anything about it was last changed."""


@dataclass(frozen=True, kw_only=True)
class Left:
    """Paths within the folder: what is new, other than before, and gone; in words what was taken away again; and the
    prints of all that was there before, and is there now."""

    made: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    before: Mapping[str, Print] = field(default_factory=dict)
    after: Mapping[str, Print] = field(default_factory=dict)


def prints(folder: str, skip: Collection[str] = (), halt: Halt | None = None) -> dict[str, Print]:
    """All that is in a folder, by its path in it; but for what `skip` names in full."""
    seen: dict[str, Print] = {}
    for _, path, found in _walk(folder, skip):
        if halt is not None:
            halt.check()
        seen[path] = _print(found)
    return seen


def left(
    folder: str,
    before: Mapping[str, Print],
    seen: Sequence[str],
    skip: Collection[str] = (),
    *,
    known: Sequence[str] | None = None,
) -> Left:
    """What a run did in a folder, once nothing of it is alive any more.

    New pipes, sockets and devices are removed, and links that lead out of the folders that it could see (`seen`); files
    lose the right to make whoever starts them their owner. Where nothing is anybody else's, so does what was there
    before, which a run may have left that we were killed in: then its links may lead to what is `known`, too.
    """
    mended: list[str] = []
    allowed = [os.path.realpath(one) for one in (*seen, *reachable())]
    earlier = [*allowed, *map(os.path.realpath, known or ())]
    for parent, path, found in _walk(folder, skip, lambda at, name: mended.append(_cut(at, name))):
        is_new = before.get(path) != _print(found)
        if is_new or known is not None:
            ways = allowed if is_new else earlier
            mended.extend(_mended(parent, path, found, os.path.join(folder, path), ways))
    after = prints(folder, skip)
    return Left(
        made=tuple(path for path in after if path not in before),
        changed=tuple(path for path, mark in after.items() if _is_other(before.get(path), mark)),
        removed=tuple(path for path in before if path not in after),
        mended=tuple(mended),
        before=before,
        after=after,
    )


def _mended(
    parent: int, path: str, found: os.stat_result, full: str, allowed: Sequence[str]
) -> Iterator[str]:
    name = os.path.basename(path)
    kind = stat.S_IFMT(found.st_mode)
    if kind == stat.S_IFLNK:
        target = os.readlink(name, dir_fd=parent)
        if not _is_inside(full, target, allowed):
            os.unlink(name, dir_fd=parent)
            yield f"{path}, a link to {target}, which is outside of what the command was shown, was removed"
    elif kind not in (stat.S_IFREG, stat.S_IFDIR):
        os.unlink(name, dir_fd=parent)
        yield f"{path}, a pipe, socket or device, was removed"
    elif kind == stat.S_IFDIR and found.st_mode & stat.S_IRWXU != stat.S_IRWXU:
        _disarm(parent, name, found.st_mode & 0o777 | stat.S_IRWXU)
        yield f"{path} can be looked into again"
    elif found.st_mode & _SET_ID:
        _disarm(parent, name, found.st_mode & 0o7777 & ~_SET_ID)
        yield f"{path} lost the right to run as its owner"


def _is_inside(full: str, target: str, allowed: Sequence[str]) -> bool:
    """As it is written, and as the system follows it."""
    parent = os.path.dirname(full)
    written = os.path.normpath(os.path.join(os.path.realpath(parent), target))
    return all(
        any(place == one or place.startswith(f"{one}/") for one in allowed)
        for place in (written, os.path.realpath(full))
    )


def _disarm(parent: int, name: str, mode: int) -> None:
    file = os.open(name, _PASS, dir_fd=parent)
    try:
        os.chmod(f"/proc/self/fd/{file}", mode)
    finally:
        os.close(file)


def _cut(parent: int, name: str) -> str:
    """Deeper than anybody could look: it goes, by what does not mind how deep it is."""
    subprocess.run(
        ["rm", "-rf", "--", f"./{name}"],
        cwd=f"/proc/self/fd/{parent}",
        pass_fds=(parent,),
        check=False,
        capture_output=True,
    )
    return f"folders deeper than {DEEPEST} in each other were removed"


def _walk(
    folder: str, skip: Collection[str], too_deep: Callable[[int, str], object] = lambda *_: None
) -> Iterator[tuple[int, str, os.stat_result]]:
    """Each thing, its folder's open descriptor first; a folder before what is in it."""
    top = os.open(folder, _FOLDER)
    try:
        yield from _below(top, folder, "", skip, too_deep)
    finally:
        os.close(top)


def _below(
    parent: int, full: str, within: str, skip: Collection[str], too_deep: Callable[[int, str], object]
) -> Iterator[tuple[int, str, os.stat_result]]:
    for name in sorted(os.listdir(parent)):
        path, place = os.path.join(within, name), os.path.join(full, name)
        try:
            found = os.stat(name, dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError:
            continue
        if place in skip:
            continue
        yield parent, path, found
        if stat.S_ISDIR(found.st_mode):
            yield from _inside(parent, name, place, path, skip, too_deep)


def _inside(
    parent: int,
    name: str,
    place: str,
    path: str,
    skip: Collection[str],
    too_deep: Callable[[int, str], object],
) -> Iterator[tuple[int, str, os.stat_result]]:
    if path.count("/") >= DEEPEST:
        too_deep(parent, name)
        return
    try:
        inner = os.open(name, _FOLDER, dir_fd=parent)
    except OSError:  # gone, or not to be read: it stays as it was told
        return
    try:
        yield from _below(inner, place, path, skip, too_deep)
    finally:
        os.close(inner)


def _print(found: os.stat_result) -> Print:
    return (
        found.st_dev,
        found.st_ino,
        found.st_mode,
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
    )


def _is_other(before: Print | None, after: Print) -> bool:
    """A folder is no other because of what came into it."""
    if before is None:
        return False
    return before[:3] != after[:3] if stat.S_ISDIR(after[2]) else before[:5] != after[:5]
