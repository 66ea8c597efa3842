"""What a message may hold: nothing empty, and only the kinds of block that its role may say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.rehearsal.prompt import as_blocks

EMPTY_MESSAGE = "messages.{at}: all messages must have non-empty content"
EMPTY_TEXT = "messages: text content blocks must be non-empty"
BLANK_TEXT = "messages: text content blocks must contain non-whitespace text"
WRONG_ROLE = "messages.{at}.content.{inner}: `{kind}` blocks can only be in `{role}` messages"
NO_DOCUMENT = "messages.{at}.content.{inner}: `document` blocks are not allowed in `assistant` messages"
NO_CITATIONS = "messages.{at}.content.{inner}.citations: citations are not allowed on `user` text blocks"

ASSISTANT_ONLY = frozenset(
    {"tool_use", "server_tool_use", "mcp_tool_use", "thinking", "redacted_thinking", "compaction", "fallback"}
)
USER_ONLY = frozenset({"tool_result", "image", "search_result"})
SYSTEM_ONLY = frozenset({"tool_addition", "tool_removal"})


def check(body: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong inside messages."""
    for at, message in enumerate(body["messages"]):
        blocks = as_blocks(message.get("content"))
        if not blocks and not (message["role"] == "system" and message.get("output_config")):
            yield EMPTY_MESSAGE.format(at=at)
        for inner, block in enumerate(blocks):
            yield from _texts(block)
            yield from _speaker(at, inner, message["role"], block)


def _texts(block: Mapping[str, Any]) -> Iterator[str]:
    if block["type"] == "text":
        if not block["text"]:
            yield EMPTY_TEXT
        elif not block["text"].strip():
            yield BLANK_TEXT
    elif block["type"] == "tool_result" and isinstance(block.get("content"), list):
        for inner in block["content"]:
            yield from _texts(inner)


def _speaker(at: int, inner: int, role: str, block: Mapping[str, Any]) -> Iterator[str]:
    kind = block["type"]
    for owner, kinds in (("assistant", ASSISTANT_ONLY), ("user", USER_ONLY), ("system", SYSTEM_ONLY)):
        if kind in kinds and role != owner:
            yield WRONG_ROLE.format(at=at, inner=inner, kind=kind, role=owner)
    if kind == "document" and role == "assistant":
        yield NO_DOCUMENT.format(at=at, inner=inner)
    if kind == "text" and role == "user" and block.get("citations"):
        yield NO_CITATIONS.format(at=at, inner=inner)
