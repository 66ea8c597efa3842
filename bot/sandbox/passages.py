"""Pipes and sockets in a folder, even one to read alone: who opens one speaks with whoever is at its other end."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Final

from bot.errors import ToolError
from bot.sandbox.cell import Shown
from bot.sdk.halt import Halt

MOST: Final = 200
"""That are shut one by one: each is a mount of its own."""


def shut(shown: Sequence[Shown], halt: Halt) -> list[Shown]:
    """Those in what is shown, so that no command can open them. Raises `ToolError` where they are too many."""
    folders = {(one.path, one.inside): one for one in shown if one.mode != "hidden"}
    found = (place for one in folders.values() for place in _in_sight(one, shown, halt))
    closed = [Shown(path=path, mode="shut") for path in islice(found, MOST + 1)]
    if len(closed) > MOST:
        raise ToolError(
            f"There are more than {MOST} pipes and sockets in the folders that this command is to see, and it must "
            "not reach them. Nothing was run. Copy what you need with copy_file, or name another folder."
        )
    return closed


def _in_sight(one: Shown, shown: Sequence[Shown], halt: Halt) -> Iterator[str]:
    """By the path that it has for the command. What is shown inside of it at a path of its own is looked at there."""
    skip = {
        other.path for other in shown if other.path != one.path and (other.mode == "hidden" or not one.inside)
    }
    for path in _in(one.path, skip, halt):
        yield os.path.join(one.inside or one.path, os.path.relpath(path, one.path))


def _in(folder: str, skip: Collection[str], halt: Halt) -> Iterator[str]:
    waiting = [folder]
    while waiting:
        halt.check()
        try:
            with os.scandir(waiting.pop()) as things:
                found = [one for one in things if one.path not in skip and not one.is_symlink()]
        except OSError:  # gone, or not to be read: not by the command either
            continue
        waiting += [one.path for one in found if one.is_dir(follow_symlinks=False)]
        yield from (one.path for one in found if not one.is_dir() and not one.is_file(follow_symlinks=False))
