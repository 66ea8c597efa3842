"""What is posted: blocks, and the words that stand for them in notifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block


@dataclass(frozen=True)
class Message:
    text: str
    blocks: list[Block]

    def payload(self) -> dict[str, Any]:
        """The arguments of `chat.postMessage` and `chat.update` that say what it shows."""
        return {"text": self.text, "blocks": [block.to_dict() for block in self.blocks]}
