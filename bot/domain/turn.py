"""What the model said, kept byte for byte as it came."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bot.domain.call import Call


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Tokens of one request, as the API counts them (notes/model.md §11)."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    dollars: float | None = None


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One whole turn. `content` is the JSON text of its blocks: stored and resent as it is, never rebuilt."""

    content: str
    stop_reason: str
    request_id: str = ""
    message_id: str = ""
    usage: Usage = field(default_factory=Usage)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = json.loads(self.content)
        return blocks

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(
            Call(id=block["id"], tool=block["name"], input=block["input"])
            for block in self.blocks
            if block["type"] == "tool_use"
        )

    @property
    def text(self) -> str:
        return "\n\n".join(block["text"] for block in self.blocks if block["type"] == "text").strip()
