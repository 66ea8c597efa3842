"""What the model said, kept byte for byte as it came."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bot.domain.call import Call, meant


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
    """One whole turn. `content` is the JSON text of its blocks: stored and resent as it is, never rebuilt.

    `tokens` is how large the conversation was with it, by the service's count; 0 where it is not known.
    """

    content: str
    stop_reason: str
    request_id: str = ""
    message_id: str = ""
    tokens: int = 0
    usage: Usage = field(default_factory=Usage)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = json.loads(self.content)
        return blocks

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(
            meant(Call(id=block["id"], tool=block["name"], input=block["input"]))
            for block in self.blocks
            if block["type"] == "tool_use"
        )

    @property
    def text(self) -> str:
        return "\n\n".join(block["text"] for block in self.blocks if block["type"] == "text").strip()


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What is left of a chapter; empty where no summary could be had.

    `content` is the JSON text of the service's own signed block: the next chapter opens with it as it came. Where
    there is none, `text` says it in the model's words.
    """

    content: str = ""
    text: str = ""
    request_id: str = ""
    message_id: str = ""
    usage: Usage = field(default_factory=Usage)

    @property
    def is_empty(self) -> bool:
        return not self.content and not self.text
