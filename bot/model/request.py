"""One request as the API wants it: the frozen prefix, the history as stored, cache marks on a copy.

Marks (at most 4, the automatic one included): the last system block for an hour, the end of this request
(automatic), and the end of the previous request, because a look-up goes back only 20 blocks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from bot.domain.call import canonical
from bot.model.capabilities import Capabilities

Message = dict[str, Any]

MARK = {"type": "ephemeral"}
LONG_MARK = {"type": "ephemeral", "ttl": "1h"}
BINDING_BETA = "thinking-binding-controls-2026-08-01"
COMPACTION_BETA = "compact-2026-09-04"


@dataclass(frozen=True, kw_only=True)
class Prefix:
    """What stays the same for a whole chapter. `text` is stored with it; `parsed` gives it back exactly.

    With a `schema` the answer is JSON of that shape, and with `most` it ends after so many tokens, however far it is:
    for a single question, which is not stored.
    """

    model: str
    system: str
    tools: tuple[dict[str, Any], ...] = ()
    schema: Mapping[str, Any] | None = None
    most: int | None = None

    @classmethod
    def frozen(cls, *, model: str, system: str, tools: Sequence[dict[str, Any]]) -> Self:
        """Tools by name, each in canonical key order: the same tools are always the same bytes."""
        ordered = sorted(tools, key=lambda tool: str(tool["name"]))
        return cls(model=model, system=system, tools=tuple(json.loads(canonical(tool)) for tool in ordered))

    @classmethod
    def parsed(cls, text: str) -> Self:
        stored = json.loads(text)
        return cls(model=stored["model"], system=stored["system"], tools=tuple(stored["tools"]))

    @property
    def text(self) -> str:
        return json.dumps({"model": self.model, "system": self.system, "tools": list(self.tools)})


def body(
    prefix: Prefix,
    messages: Sequence[Message],
    can: Capabilities,
    *,
    max_tokens: int,
    previous_message_id: str | None = None,
    effort: str | None = None,
    drops_unbound_thinking: bool = False,
    summarize: str = "",
) -> dict[str, Any]:
    """What is sent, with the `betas` to be named in its header; the given messages are not touched.

    With the instructions in `summarize` the service sums the conversation up instead of going on with it.
    """
    sent = history(messages, can)
    asked: dict[str, Any] = {
        "model": prefix.model,
        "max_tokens": max_tokens,
        "system": [{"type": "text", "text": prefix.system}],
        "messages": marked(sent) if can.marks else sent,
    }
    if prefix.tools:
        asked["tools"] = list(prefix.tools)
    if can.marks:
        asked["cache_control"] = MARK
        asked["system"][-1]["cache_control"] = LONG_MARK
    if can.thinking:
        asked["thinking"] = _thinking(can, drops_unbound_thinking=drops_unbound_thinking)
    if betas := _betas(can, drops_unbound_thinking=drops_unbound_thinking):
        asked["betas"] = betas
    if summarize:
        asked["compaction"] = {"type": "summarize", "instructions": summarize}
    if can.diagnostics:
        asked["diagnostics"] = {"previous_message_id": previous_message_id}
    if config := _output_config(prefix, can, effort):
        asked["output_config"] = config
    return asked


def _output_config(prefix: Prefix, can: Capabilities, effort: str | None) -> dict[str, Any]:
    config: dict[str, Any] = {}
    if can.output_config and effort is not None:
        config["effort"] = effort
    if can.structured_outputs and prefix.schema is not None:
        config["format"] = {"type": "json_schema", "schema": prefix.schema}
    return config


def _thinking(can: Capabilities, *, drops_unbound_thinking: bool) -> dict[str, Any]:
    thinking: dict[str, Any] = {"type": "adaptive", "display": "summarized"}
    if can.betas and drops_unbound_thinking:
        thinking["block_binding"] = {"prefix_mismatch_behavior": "drop_block"}
    return thinking


def _betas(can: Capabilities, *, drops_unbound_thinking: bool) -> list[str]:
    """That of compaction stands in every request: so the one that asks for a summary has the same beginning."""
    if not can.betas:
        return []
    betas = [COMPACTION_BETA] if can.compaction else []
    return [*betas, BINDING_BETA] if can.thinking and drops_unbound_thinking else betas


def history(messages: Sequence[Message], can: Capabilities) -> list[Message]:
    """The stored messages, but for what cannot be sent: empty ones, and system messages where the role is unknown."""
    sent = [message for message in messages if message["content"]]
    return sent if can.system_messages else _merged([_from_user(message) for message in sent])


def marked(messages: Sequence[Message]) -> list[Message]:
    """A copy with a mark on the last block of the previous request, if there was one."""
    copy = list(messages)
    answers = [
        index for index, message in enumerate(messages) if message["role"] == "assistant" and index > 0
    ]
    if answers:
        copy[answers[-1] - 1] = _with_mark(messages[answers[-1] - 1])
    return copy


def _with_mark(message: Message) -> Message:
    blocks = list(message["content"])
    for index in reversed(range(len(blocks))):
        if _can_be_marked(blocks[index]):
            blocks[index] = {**blocks[index], "cache_control": MARK}
            break
    return {**message, "content": blocks}


def _can_be_marked(block: dict[str, Any]) -> bool:
    if block["type"] == "text":
        return bool(block["text"].strip())
    return block["type"] not in ("thinking", "redacted_thinking")


def _from_user(message: Message) -> Message:
    return {**message, "role": "user"} if message["role"] == "system" else message


def _merged(messages: Sequence[Message]) -> list[Message]:
    """Neighbours of one role as one message: many chat templates want the roles to take turns."""
    merged: list[Message] = []
    for message in messages:
        if merged and merged[-1]["role"] == message["role"]:
            merged[-1] = {**merged[-1], "content": [*merged[-1]["content"], *message["content"]]}
        else:
            merged.append(message)
    return merged
