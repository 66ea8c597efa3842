"""A whole file taken as it is, to be part of a document."""

from __future__ import annotations

from bot.errors import ToolError
from bot.tools.desk import Desk

LARGEST_PICTURE = 20_000_000


def taken(desk: Desk, path: str, most: int) -> bytes:
    """Its bytes. Raises `ToolError` for more than `most`."""
    with desk.workspace.open_read(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ToolError(
            f"{path} is larger than {most // 1_000_000} MB, too large for this. Nothing was made or changed."
        )
    return content
