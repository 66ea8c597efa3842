"""Every tool call is answered once, in the very next user message, results before anything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.rehearsal.prompt import as_blocks
from bot.rehearsal.rules.roles import open_server_tools

UNANSWERED = (
    "messages.{at}: `tool_use` ids were found without `tool_result` blocks immediately after: {ids}. "
    "Each `tool_use` block must have a corresponding `tool_result` block in the next message."
)
UNEXPECTED = (
    "messages.{at}.content.{inner}: unexpected `tool_use_id` found in `tool_result` blocks: {id}. "
    "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
)
TWICE = (
    "messages.{at}.content.{inner}: each tool_use must have a single result. "
    "Found multiple `tool_result` blocks with id: {id}"
)
NOT_UNIQUE = "messages.{at}.content.{inner}: `tool_use` ids must be unique"
ONLY_RESULTS = (
    "messages.{at}: after a turn with an open server tool a message may hold only `tool_result` blocks"
)


def check(body: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with calls and their results."""
    messages = body["messages"]
    seen: set[str] = set()
    asked: Sequence[str] = ()
    for at, message in enumerate(messages):
        yield from _results(at, message, asked)
        if message["role"] != "assistant":
            asked = ()
            continue
        asked = _asked(message)
        yield from _unique(at, message, seen)
        yield from _answered(at, asked, message, messages[at + 1] if at + 1 < len(messages) else None)


def open_calls(body: Mapping[str, Any]) -> Sequence[str]:
    """Ids of calls in the last message, which nobody can have answered."""
    messages = body["messages"]
    return _asked(messages[-1]) if messages and messages[-1]["role"] == "assistant" else ()


def _asked(message: Mapping[str, Any]) -> list[str]:
    return [block["id"] for block in as_blocks(message.get("content")) if block["type"] == "tool_use"]


def _results(at: int, message: Mapping[str, Any], asked: Sequence[str]) -> Iterator[str]:
    if message["role"] != "user":
        return
    given: set[str] = set()
    for inner, block in enumerate(as_blocks(message.get("content"))):
        if block["type"] != "tool_result":
            continue
        call = block["tool_use_id"]
        if call in given:
            yield TWICE.format(at=at, inner=inner, id=call)
        elif call not in asked:
            yield UNEXPECTED.format(at=at, inner=inner, id=call)
        given.add(call)


def _unique(at: int, message: Mapping[str, Any], seen: set[str]) -> Iterator[str]:
    for inner, block in enumerate(as_blocks(message.get("content"))):
        if block["type"] in ("tool_use", "server_tool_use", "mcp_tool_use"):
            if block["id"] in seen:
                yield NOT_UNIQUE.format(at=at, inner=inner)
            seen.add(block["id"])


def _answered(
    at: int, asked: Sequence[str], message: Mapping[str, Any], after: Mapping[str, Any] | None
) -> Iterator[str]:
    if not asked:
        return
    said = as_blocks(after.get("content")) if after is not None and after["role"] == "user" else []
    first = _leading_results(said)
    if missing := [call for call in asked if call not in first]:
        yield UNANSWERED.format(at=at, ids=", ".join(missing))
    elif open_server_tools(message) and len(first) < len(said):
        yield ONLY_RESULTS.format(at=at + 1)


def _leading_results(said: Sequence[Mapping[str, Any]]) -> list[str]:
    leading = []
    for block in said:
        if block["type"] != "tool_result":
            break
        leading.append(block["tool_use_id"])
    return leading
