"""What of a task's folders a command is shown: those that it names, to read; and where it works, to write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from bot.errors import ToolError
from bot.sandbox.cell import Shown
from bot.tools import descent
from bot.tools.paths import Ground, Root, Spot

_NEVER = ("/", "/proc", "/dev", "/sys")


@dataclass(frozen=True, kw_only=True)
class InSight:
    """`place` is where the command begins, `written` the granted folder that it may write to, None for none.

    `named` are the granted folders that it can read, as the model writes them.
    """

    shown: tuple[Shown, ...]
    place: str
    written: Spot | None
    named: tuple[str, ...]


def in_sight(ground: Ground, command: str, folder: str | None) -> InSight:
    """Its own folder is always there, to write. Raises `ToolError` for a folder that no command can work in."""
    own = next(root for root in ground.roots if root.own)
    spot = ground.locate(folder) if folder else None
    if spot is not None:
        with descent.entered(spot):  # it is there, and no link is on the way to it
            pass
    working = None if spot is None or spot.root.own else spot
    written = working if working is not None and working.root.writable else None
    roots = [root for root in ground.roots if not root.own and _is_named(root, command, working)]
    shown = [
        *_readable(ground, roots),
        *(_hidden(ground, roots)),
        *([] if written is None else _writable(ground, written)),
        Shown(path=os.path.realpath(own.path), mode="write"),
    ]
    place = os.path.realpath(own.path) if spot is None else spot.real
    named = tuple(str(root.path) for root in roots)
    return InSight(shown=tuple(shown), place=place, written=written, named=named)


def _is_named(root: Root, command: str, working: Spot | None) -> bool:
    """By its path, as it was granted or as it is; or the command works in it."""
    names = {str(root.path), os.path.realpath(root.path)} - set(_NEVER)
    plain = command.replace("\\", "")
    return any(name in plain for name in names) or (working is not None and working.root == root)


def _readable(ground: Ground, roots: list[Root]) -> Iterator[Shown]:
    """Each at its real path, and at the path under which it was granted where that is another."""
    for root in roots:
        real, written = os.path.realpath(root.path), os.path.abspath(root.path)
        if real in _NEVER or not os.path.isdir(real):
            continue
        yield Shown(path=real)
        if written != real:
            yield Shown(path=real, inside=written)


def _hidden(ground: Ground, roots: list[Root]) -> Iterator[Shown]:
    """What is never granted, though it lies in what is."""
    for root in roots:
        real, written = os.path.realpath(root.path), os.path.abspath(root.path)
        for closed in ground.closed:
            if _is_below(closed, real) and os.path.isdir(closed):
                within = os.path.relpath(closed, real)
                for place in {closed, os.path.normpath(os.path.join(written, within))}:
                    yield Shown(path=place, mode="hidden")


def _writable(ground: Ground, spot: Spot) -> Iterator[Shown]:
    real = spot.real
    if any(_is_below(closed, real) for closed in ground.closed) or real in _NEVER:
        raise ToolError(
            f"'{spot.shown}' holds Cowork's own files, so no command may write to it. Nothing was run. "
            "Name a folder in it."
        )
    yield Shown(path=real, mode="write")
    for root in ground.roots:
        inner = os.path.realpath(root.path)
        if _is_below(inner, real) and inner != real and not root.own and os.path.isdir(inner):
            is_writable = ground.locate(inner).root.writable  # of two grants of one folder the stricter
            yield Shown(path=inner, mode="write" if is_writable else "read")


def _is_below(path: str, folder: str) -> bool:
    """Or the folder itself."""
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")
