"""A finished file opened again before it is handed over: what it comes to, what to mend, and a picture of it."""

from __future__ import annotations

from pathlib import Path

from bot.documents import apart, inspecting
from bot.documents.inspected import Kind
from bot.documents.inspecting import Seen
from bot.errors import ToolError
from bot.sdk.halt import Halt

_SECONDS = 90
_KINDS: dict[str, Kind] = {
    ".docx": "docx",
    ".xlsx": "xlsx",
    ".pptx": "pptx",
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
}


def seen(path: Path, halt: Halt) -> Seen:
    """Nothing of a file that is of no such kind, is too large for it, or takes too long: that keeps no file back."""
    form = _KINDS.get(path.suffix.lower())
    if form is None or path.stat().st_size > inspecting.LARGEST:
        return Seen()
    with path.open("rb") as file:
        order = inspecting.Order(format=form, file=file.fileno())
        try:
            return apart.done("inspecting", order, Seen, halt, seconds=_SECONDS, files=[file.fileno()])
        except ToolError:
            return Seen()
