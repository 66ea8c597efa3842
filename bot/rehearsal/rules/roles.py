"""Whose turn it is: the first message, the last one, and where a system message may stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.rehearsal.catalogue import Model
from bot.rehearsal.prompt import as_blocks

FIRST = 'messages: first message must use the "user" role'
NONE = "messages: at least one message is required"
NO_PREFILL = (
    "This model does not support assistant message prefill. The conversation must end with a user message."
)
SYSTEM_PLACE = (
    "messages.{at}: a `system` message must directly follow a `user` message or an assistant turn that ends in "
    "a server tool result, and must be last or stand before an `assistant` message"
)
NO_SYSTEM = "messages.{at}.role: `system` messages are not supported by {model}; use the `system` parameter"
CLEAR_AT = "messages.{at}.clear_at: only permitted on `system` messages"


def check(body: Mapping[str, Any], model: Model) -> Iterator[str]:
    """What is wrong with the order of roles."""
    messages = body["messages"]
    if not messages:
        yield NONE
        return
    if messages[0]["role"] != "user" and not holds(messages[0], "compaction"):
        yield FIRST
    yield from _system(messages, model)
    if _is_prefill(messages[-1]) and not body.get("compaction"):  # a finished turn may be summed up
        yield NO_PREFILL


def holds(message: Mapping[str, Any], kind: str) -> bool:
    """Whether a block of this type is in the message."""
    return any(block.get("type") == kind for block in as_blocks(message.get("content")))


def open_server_tools(message: Mapping[str, Any]) -> set[str]:
    """Ids of server tools that an assistant turn has started and not ended."""
    blocks = as_blocks(message.get("content"))
    begun = {block["id"] for block in blocks if block["type"] in ("server_tool_use", "mcp_tool_use")}
    return begun - {block.get("tool_use_id") for block in blocks}


def _system(messages: list[Mapping[str, Any]], model: Model) -> Iterator[str]:
    for at, message in enumerate(messages):
        if message["role"] != "system":
            continue
        if not model.system_messages:
            yield NO_SYSTEM.format(at=at, model=model.id)
        elif not _may_speak(messages, at):
            yield SYSTEM_PLACE.format(at=at)


def _may_speak(messages: list[Mapping[str, Any]], at: int) -> bool:
    if at == 0 or not (messages[at - 1]["role"] == "user" or _ends_in_server_result(messages[at - 1])):
        return False
    return at == len(messages) - 1 or messages[at + 1]["role"] == "assistant"


def _ends_in_server_result(message: Mapping[str, Any]) -> bool:
    blocks = as_blocks(message.get("content"))
    last = blocks[-1]["type"] if blocks else ""
    return message["role"] == "assistant" and last.endswith("_tool_result")


def _is_prefill(last: Mapping[str, Any]) -> bool:
    if last["role"] != "assistant":
        return False
    return not (open_server_tools(last) or _ends_in_server_result(last) or holds(last, "compaction"))
