"""What the rehearsal model says to one request, and what a mind is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the model says to one request.

    `content` holds blocks as the API writes them: text, thinking, tool_use (the server fills in a missing
    `id`), compaction. Without `stop_reason` the answer ends in "tool_use" if it calls a tool, else in
    "end_turn". Without `usage` the server counts tokens itself.
    """

    content: list[dict[str, Any]]
    stop_reason: str | None = None
    usage: dict[str, Any] | None = None
    stop_details: dict[str, Any] | None = None

    @property
    def ending(self) -> str:
        """The stop reason as sent."""
        if self.stop_reason is not None:
            return self.stop_reason
        return "tool_use" if any(block["type"] == "tool_use" for block in self.content) else "end_turn"


Mind = Callable[[dict[str, Any]], Answer]
"""A request body in, an answer out; pure in the transcript."""


def text(*parts: str) -> Answer:
    """The model says this, one block a part, and ends its turn."""
    return Answer(content=[{"type": "text", "text": part} for part in parts])


def calls(*calls: tuple[str, dict[str, Any]], say: str = "") -> Answer:
    """The model calls these tools at once, after saying a word if `say` is not empty."""
    said = [{"type": "text", "text": say}] if say else []
    return Answer(
        content=[*said, *({"type": "tool_use", "name": name, "input": given} for name, given in calls)]
    )
