"""The journal's entries as blocks for the model, and blocks as the JSON text that is stored and sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.agent import prompt, revised
from bot.domain.turn import Turn
from bot.domain.verdict import Verdict
from bot.store import encoding
from bot.store.calls import Entry
from bot.store.database import Session, veiled
from bot.store.words import Words

NOTE_BY = ""
"""The author of what Cowork itself says to the model."""

_SHOWN = 500

Block = dict[str, Any]


def written(blocks: Sequence[Block]) -> str:
    """As it is stored, byte for byte; "" for nothing."""
    return encoding.legible(json.dumps(blocks, ensure_ascii=False)) if blocks else ""


def result(entry: Entry) -> Block:
    block: Block = {
        "type": "tool_result",
        "tool_use_id": entry.asked_as,
        "content": [{"type": "text", "text": revised.told(entry) or "(nothing came back)"}],
    }
    return block | {"is_error": True} if entry.is_error else block


def heard(said: Words) -> Block:
    if said.author == NOTE_BY:
        return prompt.note(said.text)
    return prompt.follow_up(said.author, said.text)


def text_of(content: str) -> str:
    """What a stored message says in words."""
    blocks = json.loads(content)
    return "\n\n".join(block["text"] for block in blocks if block["type"] == "text").strip()


def said(session: Session, turn: Turn) -> dict[str, Any]:
    """What the news says of a turn."""
    return {"text": veiled(session, turn.text)[:_SHOWN], "request_id": turn.request_id}


def told(entry: Entry, verdict: Verdict | None) -> dict[str, Any]:
    """What the news and the audit say of a call."""
    what: dict[str, Any] = {
        "call": entry.call.id,
        "tool": entry.call.tool,
        "what": entry.preview,
        "digest": entry.digest,
    }
    return what if verdict is None else what | {"rule": verdict.rule, "reason": verdict.reason}
