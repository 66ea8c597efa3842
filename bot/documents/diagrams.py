"""Mermaid diagrams as pictures, drawn here: nothing is loaded from anywhere."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.errors import ToolError

_MOST_WORDS = 300


def drawn(mermaid: str) -> bytes:
    """As PNG. Raises `ToolError` with Mermaid's own complaint where it is not Mermaid."""
    import mermaidx

    with tempfile.TemporaryDirectory() as place:
        target = Path(place, "diagram.png")
        try:
            mermaidx.render(mermaid).save(str(target))
        except Exception as error:  # noqa: BLE001 - parse boundary: the engine raises its own of many kinds
            said = " ".join(str(error).split())[:_MOST_WORDS]
            raise ToolError(f"A diagram is not Mermaid that can be drawn: {said}. Mend it.") from None
        return target.read_bytes()
