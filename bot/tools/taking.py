"""Whole files taken as they are, to be part of a document: open, for the process that makes it to read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from bot.errors import ToolError
from bot.tools.desk import Desk

MOST_PICTURES = 200
_LARGEST_PICTURE = 20_000_000
_LARGEST_TOGETHER = 100_000_000


@contextmanager
def pictures(desk: Desk, paths: Sequence[str]) -> Iterator[dict[str, int]]:
    """The descriptor of each. Raises `ToolError` for one that is too large, and for all that are too large together."""
    if len(paths) > MOST_PICTURES:
        raise ToolError(
            f"At most {MOST_PICTURES} pictures go into one document. Nothing was made or changed."
        )
    with ExitStack() as stack:
        taken = {path: stack.enter_context(opened(desk, path, _LARGEST_PICTURE)) for path in paths}
        together = sum(os.fstat(number).st_size for number in taken.values())
        if together > _LARGEST_TOGETHER:
            raise ToolError(
                f"The pictures have {together / 1e6:,.0f} MB together, and at most {_LARGEST_TOGETHER // 1_000_000} MB "
                "go into one document. Nothing was made or changed. Take fewer, or smaller ones."
            )
        yield taken


@contextmanager
def opened(desk: Desk, path: str, most: int) -> Iterator[int]:
    """Its descriptor. Raises `ToolError` for more than `most` bytes."""
    with desk.workspace.open_read(path) as file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            raise ToolError(
                f"{path} is empty (0 bytes). Nothing was made or changed. Ask for the whole file."
            )
        if size > most:
            raise ToolError(
                f"{path} is larger than {most // 1_000_000} MB, too large for this. Nothing was made or changed."
            )
        yield file.fileno()
