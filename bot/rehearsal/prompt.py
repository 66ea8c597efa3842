"""The prompt as the model sees it: one line of blocks (tools, system, messages) with text, marks and size.

The same conversation gives the same texts however it was written down: a string is one text block, cache marks
and empty fields do not count, the order of a block's own keys does not count. The order of keys inside a tool's
input or schema does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

dumped = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Compact JSON in the order given."""

Section = Literal["tools", "system", "messages"]

IMAGE_TOKENS = 1_500
CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a request. `ttl` is that of its cache mark, `path` is as error messages name it."""

    section: Section
    path: str
    role: str
    content: Mapping[str, Any]
    text: str
    tokens: int
    ttl: str | None


def blocks(body: Mapping[str, Any]) -> list[Block]:
    """All blocks of a request in the order of the prompt."""
    return [*_tools(body), *_system(body), *_messages(body)]


def block(role: str, content: Mapping[str, Any], section: Section = "messages", path: str = "") -> Block:
    """One block, measured."""
    mark = content.get("cache_control")
    text = canonical(content)
    return Block(section, path, role, content, text, _tokens(content, text), _ttl(mark))


def canonical(content: Mapping[str, Any]) -> str:
    """The block without marks and empty fields, its own keys sorted, everything inside as it was sent."""
    kept = {
        key: _plain(value) if key == "content" else value
        for key, value in sorted(content.items())
        if value is not None and key != "cache_control"
    }
    return dumped(kept)


def as_blocks(content: Any) -> list[dict[str, Any]]:
    """Message content as a list of blocks; a string is one text block."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content or ())


def transcript(body: Mapping[str, Any]) -> str:
    """A fingerprint of the messages alone: two requests that tell the same story have the same."""
    said = sha256()
    for one in _messages(body):
        said.update(f"{one.role}\n{one.text}\n".encode())
    return said.hexdigest()


def total(body: Mapping[str, Any]) -> int:
    """How many tokens the request holds, by the double's own measure."""
    return sum(one.tokens for one in blocks(body))


def _tools(body: Mapping[str, Any]) -> Iterator[Block]:
    for at, tool in enumerate(body.get("tools") or ()):
        yield block("", tool, "tools", f"tools.{at}")


def _system(body: Mapping[str, Any]) -> Iterator[Block]:
    for at, content in enumerate(as_blocks(body.get("system"))):
        yield block("", content, "system", f"system.{at}")


def _messages(body: Mapping[str, Any]) -> Iterator[Block]:
    for at, message in enumerate(body.get("messages") or ()):
        for inner, content in enumerate(as_blocks(message.get("content"))):
            yield block(message["role"], content, "messages", f"messages.{at}.content.{inner}")


def _plain(content: Any) -> Any:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    if not isinstance(content, list):
        return content
    return [
        {key: value for key, value in one.items() if value is not None and key != "cache_control"}
        for one in content
    ]


def _ttl(mark: Any) -> str | None:
    return str(mark.get("ttl") or "5m") if isinstance(mark, dict) else None


def _tokens(content: Mapping[str, Any], text: str) -> int:
    if content.get("type") == "image":
        return IMAGE_TOKENS
    return max(1, len(text) // CHARACTERS_PER_TOKEN)
