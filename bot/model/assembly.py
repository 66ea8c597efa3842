"""A message put together from the events of its stream: every block as it came, known to us or not."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NoReturn

from bot.errors import Unavailable
from bot.model.errors import BrokenAnswer

Event = dict[str, Any]
Message = dict[str, Any]
Listener = Callable[[str], None]
Ears = tuple[Listener, Listener]
"""They hear text, and summarised thinking, as they come: for the card, not for the state."""

_CALL_TYPES = ("tool_use", "server_tool_use", "mcp_tool_use")
_BROKEN_OFF = ("max_tokens", "refusal", "model_context_window_exceeded")


class Assembly:
    """Takes the events in order. Raises `LookupError`, `TypeError` or `AttributeError` for what makes no sense."""

    def __init__(self, ears: Ears) -> None:
        self._on_text, self._on_thought = ears
        self._message: Message = {}
        self._inputs: dict[int, list[str]] = defaultdict(list)
        self._is_ended = False

    def take(self, event: Event) -> None:
        match event["type"]:
            case "message_start":
                self._message = event["message"]
            case "content_block_start":
                self._message["content"].append(event["content_block"])
            case "content_block_delta":
                self._add(event["index"], event["delta"])
            case "message_delta":
                self._close(event)
            case "message_stop":
                self._is_ended = True

    def whole(self) -> Message:
        """The message, once it came to its end and says nothing that contradicts itself.

        Every call's input is one whole JSON object, and it calls exactly if it says so.
        """
        if not (self._message and self._is_ended):
            raise Unavailable("The model's answer broke off before its end.")
        reason = self._message.get("stop_reason")
        if reason is None:
            raise Unavailable("The model's answer ended without a reason.")
        if reason in _BROKEN_OFF:
            return self._message
        blocks = self._message["content"]
        for index, block in enumerate(blocks):
            if block["type"] in _CALL_TYPES:
                block["input"] = self._input(index, block)
        if not _is_text(blocks):
            raise BrokenAnswer("The model's answer came broken: half a character stands in it.")
        if any(block["type"] == "tool_use" for block in blocks) != (reason == "tool_use"):
            raise BrokenAnswer(f"The model's answer contradicts itself (it ended with {reason}).")
        return self._message

    def _add(self, index: int, delta: dict[str, Any]) -> None:
        block = self._message["content"][index]
        match delta["type"]:
            case "text_delta":
                block["text"] += delta["text"]
                self._on_text(delta["text"])
            case "thinking_delta":
                block["thinking"] += delta["thinking"]
                self._on_thought(delta["thinking"])
            case "signature_delta":
                block["signature"] = delta["signature"]
            case "input_json_delta":
                self._inputs[index].append(delta["partial_json"])
            case "citations_delta":
                block["citations"] = [*(block.get("citations") or []), delta["citation"]]
            case "compaction_delta":
                block |= {name: value for name, value in delta.items() if name != "type"}

    def _close(self, event: Event) -> None:
        """Counts are totals, so they replace what was said at the start; what is left out or null stands as it was."""
        told = {name: value for name, value in event.items() if name not in ("type", "delta", "usage")}
        self._message |= _given(told | event["delta"])
        self._message["usage"] = (self._message.get("usage") or {}) | _given(event.get("usage") or {})

    def _input(self, index: int, block: dict[str, Any]) -> dict[str, Any]:
        text = "".join(self._inputs[index])
        try:
            whole = json.loads(text, parse_constant=_no_constant) if text else block["input"]
        except ValueError as error:
            raise BrokenAnswer("The model's tool call came broken.") from error
        if not isinstance(whole, dict):
            raise BrokenAnswer("The model's tool call came broken: its input is not an object.")
        return whole


def _given(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}


def _is_text(value: Any) -> bool:
    """What holds half a character can be neither stored nor sent again, and the conversation would end with it."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
