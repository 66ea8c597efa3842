"""A message as server-sent events, the way the API streams it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.rehearsal.prompt import dumped
from bot.rehearsal.refusal import Refusal

PIECES = 3


def events(message: Mapping[str, Any]) -> list[bytes]:
    """All events of one answer, each as its own bytes, in order."""
    written = [event("message_start", message=_opening(message)), event("ping")]
    for index, block in enumerate(message["content"]):
        written.extend(_block(index, block))
    written.append(_closing(message))
    written.append(event("message_stop"))
    return written


def event(kind: str, **fields: Any) -> bytes:
    """One event."""
    return f"event: {kind}\ndata: {dumped({'type': kind, **fields})}\n\n".encode()


def error(refusal: Refusal, request_id: str) -> bytes:
    """The `error` event with which the API breaks off a stream that has begun."""
    return f"event: error\ndata: {dumped(refusal.body(request_id))}\n\n".encode()


def _opening(message: Mapping[str, Any]) -> dict[str, Any]:
    usage = {**message["usage"], "output_tokens": 1}
    return {**message, "content": [], "stop_reason": None, "stop_details": None, "usage": usage}


def _closing(message: Mapping[str, Any]) -> bytes:
    delta = {name: message.get(name) for name in ("stop_reason", "stop_sequence", "stop_details")}
    usage = {name: value for name, value in message["usage"].items() if name in _COUNTED}
    return event("message_delta", delta=delta, usage=usage)


_COUNTED = frozenset(
    {
        "input_tokens",
        "output_tokens",
        "cache_creation_input_tokens",
        "cache_read_input_tokens",
        "server_tool_use",
        "output_tokens_details",
        "iterations",
    }
)


def _block(index: int, block: Mapping[str, Any]) -> Iterator[bytes]:
    yield event("content_block_start", index=index, content_block=_started(block))
    for delta in _deltas(block):
        yield event("content_block_delta", index=index, delta=delta)
    yield event("content_block_stop", index=index)


def _started(block: Mapping[str, Any]) -> dict[str, Any]:
    match block["type"]:
        case "text":
            return {**block, "text": ""}
        case "thinking":
            return {**block, "thinking": "", "signature": ""}
        case "tool_use" | "server_tool_use" | "mcp_tool_use":
            return {**block, "input": {}}
        case "compaction":
            return {**block, "content": None, "encrypted_content": None}
        case _:
            return dict(block)


def _deltas(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    match block["type"]:
        case "text":
            yield from ({"type": "text_delta", "text": piece} for piece in _pieces(block["text"]))
        case "thinking":
            yield from ({"type": "thinking_delta", "thinking": piece} for piece in _pieces(block["thinking"]))
            yield {"type": "signature_delta", "signature": block["signature"]}
        case "tool_use" | "server_tool_use" | "mcp_tool_use":
            given = block["input"]
            whole = given if isinstance(given, str) else dumped(given)
            yield from (
                {"type": "input_json_delta", "partial_json": piece} for piece in ("", *_pieces(whole))
            )
        case "compaction":
            held = {name: block.get(name) for name in ("content", "encrypted_content")}
            yield {"type": "compaction_delta", **held}


def _pieces(text: str) -> Iterator[str]:
    size = max(1, -(-len(text) // PIECES))
    for at in range(0, len(text), size):
        yield text[at : at + size]
