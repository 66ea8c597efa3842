"""A compaction block opens an epoch: first, alone, and as it was returned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.rehearsal import signing
from bot.rehearsal.prompt import as_blocks
from bot.rehearsal.rules.pairing import open_calls

FORGED = "messages.{at}.content.{inner}: Invalid `signature` in `compaction` block"
MISPLACED = "messages.{at}: a `compaction` block must be the only block of the first message"
COMBINED = "compaction: cannot be combined with {fields}"
OPEN_CALLS = "compaction: the conversation ends in `tool_use` blocks without results: {ids}"


def check(body: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with compaction, asked for or sent back."""
    for at, message in enumerate(body["messages"]):
        blocks = as_blocks(message.get("content"))
        for inner, block in enumerate(blocks):
            if block["type"] != "compaction":
                continue
            if at > 0 or len(blocks) > 1:
                yield MISPLACED.format(at=at)
            if signing.forged(block):
                yield FORGED.format(at=at, inner=inner)
    if body.get("compaction"):
        yield from _asked(body)


def _asked(body: Mapping[str, Any]) -> Iterator[str]:
    fields = [name for name in ("context_management", "stop_sequences") if body.get(name)]
    if (body.get("output_config") or {}).get("format"):
        fields.append("output_config.format")
    if fields:
        yield COMBINED.format(fields=", ".join(f"`{name}`" for name in fields))
    if calls := open_calls(body):
        yield OPEN_CALLS.format(ids=", ".join(calls))
