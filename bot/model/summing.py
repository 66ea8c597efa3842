"""A conversation summed up: the service's own block taken as it came, or a transcript for the model to sum up."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any

from bot.domain.turn import Summary
from bot.model import usage
from bot.model.request import Message
from bot.model.stream import Answer

CHARACTERS_PER_TOKEN = 3
LONGEST_PART = 1_500
LEFT_OUT = "[… what was said here is left out, as it is too long …]"

log = logging.getLogger(__name__)


def of_service(model: str, answer: Answer) -> Summary | None:
    """The service's summary: empty when it came to nothing this time, None when it was not understood."""
    block = answer.content[0] if len(answer.content) == 1 else {}
    if answer.stop_reason != "compaction" or block.get("type") != "compaction":
        return None
    paid = usage.total(model, [answer.message.get("usage") or {}])
    if not block.get("content"):
        return Summary(usage=paid)
    if not block.get("signature"):  # it could not be sent back
        log.warning("A summary came without its signature (request %s)", answer.request_id)
        return Summary(text=block["content"], usage=paid)
    return Summary(
        content=json.dumps(answer.content),
        request_id=answer.request_id,
        message_id=str(answer.message.get("id") or ""),
        usage=paid,
    )


def transcript(messages: Sequence[Message], tokens: int) -> str:
    """The conversation as text of about so many tokens at most: its beginning, and as much of its end as fits."""
    parts = [part for message in messages for part in _parts(message)]
    room = tokens * CHARACTERS_PER_TOKEN
    if sum(map(len, parts)) <= room or len(parts) < 2:
        return "\n\n".join(parts)[:room]
    first = parts[0][: room // 2]
    room -= len(first)
    kept: list[str] = []
    for part in reversed(parts[1:]):
        room -= len(part)
        if room < 0:
            break
        kept.append(part)
    return "\n\n".join([first, LEFT_OUT, *reversed(kept)])


def _parts(message: Message) -> Iterator[str]:
    who = "Cowork" if message["role"] == "assistant" else "To Cowork"
    for block in message["content"]:
        match block["type"]:
            case "text":
                yield f"{who}: {block['text']}"
            case "tool_use":
                yield f"{who} calls {block['name']}: {_short(json.dumps(block['input'], ensure_ascii=False))}"
            case "tool_result":
                yield f"Result: {_short(_text_of(block))}"
            case "compaction":
                yield f"What was before, summed up: {block.get('content') or ''}"


def _text_of(result: dict[str, Any]) -> str:
    content = result.get("content") or ""
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_PART else f"{text[:LONGEST_PART]} […]"
