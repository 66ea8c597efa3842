"""Handing over a finished file in the task's own thread."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePath
from typing import Annotated
from uuid import uuid4

from bot.documents.inspected import without_quotes
from bot.documents.inspecting import Seen
from bot.domain.call import Result
from bot.domain.effect import Access
from bot.domain.label import Source
from bot.domain.receipt import Deliverable
from bot.sdk.tool import tool
from bot.tools import reopening
from bot.tools.desk import Desk

DELIVERED = "delivered"
"""Where in the home the copies are: `delivered/<task>/<one of its own>/<name>`."""

PREVIEW = "preview.png"
"""The picture of its first page, beside a copy."""

_PIECE = 1024 * 1024
_DEPTH = 4


def kept_at(home: Path, path: str) -> Path:
    """Where a copy stands now. Those of before were written down in full, for a home that may have moved since."""
    within = PurePath(path).parts[-_DEPTH:]
    return home.joinpath(*within) if within[0] == DELIVERED else Path(path)


def _reads(desk: Desk, path: str, **_: object) -> tuple[Access, ...]:
    return desk.reading(path)


def _handed(desk: Desk, path: str, **_: object) -> tuple[Source, ...]:
    return (desk.source(path, is_carried=True),)


@tool(
    accesses=_reads,
    sources=_handed,
    preview=lambda desk, path, title, **_: f"Hand over {desk.name(path)} as “{title}”",
)
def deliver(
    desk: Desk,
    path: Annotated[str, "The finished file."],
    title: Annotated[str, "What it is, as people should see it."],
    comment: Annotated[str | None, "One sentence to go with it."] = None,
) -> Result:
    """Hand a finished file to the requester in this task's thread. It is posted there and nowhere else.

    The file is kept as it is now: later changes need to be delivered again. The same file again, or later another by
    the same title, is shown as its next version, and the one before stays in the thread. A document is opened again:
    the result says what it came to and what its reader would stumble over.
    """
    entry = desk.workspace.stat(path)
    kept = desk.handed_over / uuid4().hex / entry.name
    seen = _keep(desk, path, kept)
    handed = Deliverable(
        path=_within(kept),
        title=title,
        comment=comment or "",
        size=entry.size,
        source=desk.workspace.locate(path).real,
        preview=_within(_preview(kept)) if seen.picture else "",
    )
    size = f"{entry.size:,} bytes" + (f", {seen.extent}" if seen.extent else "")
    said = f'Delivered "{title}" ({entry.name}, {size}) in the thread.'
    return Result(text="\n".join([said, *map(_mend, seen.faults)]), deliverable=handed)


def _within(kept: Path) -> str:
    return str(PurePath(*kept.parts[-_DEPTH:]))


def _preview(kept: Path) -> Path:
    return kept.with_name(PREVIEW)


def _mend(fault: str) -> str:
    """Nothing of what stands in the file comes back: others may have written it."""
    return f"To be mended: {without_quotes(fault)}. If so, mend it and deliver it again."


def _keep(desk: Desk, path: str, kept: Path) -> Seen:
    """A copy of its own, and what is seen of it; the picture stands beside it."""
    kept.parent.mkdir(parents=True)
    try:
        with desk.workspace.open_read(path) as source, kept.open("xb") as copy:
            while piece := source.read(_PIECE):
                desk.halt.check()
                copy.write(piece)
        seen = reopening.seen(kept, desk.halt)
        if seen.picture:
            _preview(kept).write_bytes(seen.picture)
    except BaseException:
        shutil.rmtree(kept.parent, ignore_errors=True)
        raise
    return seen
