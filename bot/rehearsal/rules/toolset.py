"""Tools, the choice among them, and kinds of thinking: what a model accepts to be told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.rehearsal.catalogue import Model
from bot.rehearsal.prompt import as_blocks

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
BAD_NAME = "tools.{at}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'"
NOT_UNIQUE = "tools: Tool names must be unique."
NOT_OBJECT = "tools.{at}.custom.input_schema.type: Input should be 'object'"
ALL_DEFERRED = "tools: At least one tool must have defer_loading=false."
MARKED = "tools.{at}: Tools with defer_loading cannot use prompt caching: `cache_control` must not be set"
FORCED = 'tool_choice: `type` "{kind}" is not supported by {model}; use "auto" or "none"'
CHOICE_WITHOUT_TOOLS = "tool_choice: may only be specified while providing `tools`"
UNKNOWN_CHOICE = "tool_choice.name: Tool '{name}' not found in provided tools"
UNDECLARED = "{path}: Tool reference '{name}' not found in available tools"
THINKING = 'thinking.type: "{kind}" is not supported by {model}; it accepts {accepted}'


def check(body: Mapping[str, Any], model: Model) -> Iterator[str]:
    """What is wrong with tools, their choice, and thinking."""
    tools = body.get("tools") or []
    for at, tool in enumerate(tools):
        yield from _tool(at, tool)
    names = [tool["name"] for tool in tools if "name" in tool]
    if len(set(names)) < len(names):
        yield NOT_UNIQUE
    if tools and all(tool.get("defer_loading") for tool in tools):
        yield ALL_DEFERRED
    yield from _choice(body.get("tool_choice"), names, model)
    yield from _references(body, names)
    kind = (body.get("thinking") or {}).get("type", "adaptive")
    if "thinking" in body and kind not in model.thinking:
        yield THINKING.format(kind=kind, model=model.id, accepted=", ".join(sorted(model.thinking)))


def is_ours(tool: Mapping[str, Any]) -> bool:
    """Whether this is a tool with a schema of the caller's."""
    return tool.get("type") in (None, "custom")


def _tool(at: int, tool: Mapping[str, Any]) -> Iterator[str]:
    if is_ours(tool):
        if not NAME.fullmatch(tool["name"]):
            yield BAD_NAME.format(at=at)
        if tool["input_schema"].get("type") != "object":
            yield NOT_OBJECT.format(at=at)
    if tool.get("defer_loading") and tool.get("cache_control"):
        yield MARKED.format(at=at)


def _choice(choice: Mapping[str, Any] | None, names: list[str], model: Model) -> Iterator[str]:
    if choice is None:
        return
    kind = choice["type"]
    if not names:
        yield CHOICE_WITHOUT_TOOLS
    elif kind in ("any", "tool") and not model.forced_tools:
        yield FORCED.format(kind=kind, model=model.id)
    elif kind == "tool" and choice["name"] not in names:
        yield UNKNOWN_CHOICE.format(name=choice["name"])


def _references(body: Mapping[str, Any], names: list[str]) -> Iterator[str]:
    known = set(names)
    for at, message in enumerate(body["messages"]):
        for inner, block in enumerate(as_blocks(message.get("content"))):
            if block["type"] == "tool_addition":
                known.add(block["tool"].get("name"))
            for name in _named(block):
                if name not in known:
                    yield UNDECLARED.format(path=f"messages.{at}.content.{inner}", name=name)


def _named(block: Mapping[str, Any]) -> Iterator[str]:
    if block["type"] == "tool_removal":
        if block["tool"]["type"] == "tool_reference":
            yield block["tool"]["name"]
    elif block["type"] == "tool_result" and isinstance(block.get("content"), list):
        for one in block["content"]:
            if one["type"] == "tool_reference":
                yield one["tool_name"]
