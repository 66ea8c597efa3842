"""One streamed answer, whole and sound, or an error: half an answer is never returned."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import anthropic
import httpx2
from anthropic.lib._parse._response import ResponseFormatT
from anthropic.types.beta.parsed_beta_message import ParsedBetaMessage

from bot.errors import Unavailable
from bot.model.errors import BrokenAnswer

Listener = Callable[[str], None]

TRANSPORT_ERRORS = (anthropic.APIConnectionError, httpx2.HTTPError, OSError)

_MESSAGE_CLASS = ParsedBetaMessage[ResponseFormatT]
"""Kept, because pydantic holds it weakly: without this the SDK builds the class anew every other turn."""

_MALFORMED = (ValueError, LookupError, AttributeError, TypeError, RuntimeError, AssertionError)
_CALL_TYPES = ("tool_use", "server_tool_use", "mcp_tool_use")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A whole message as the API sent it, and the id of its request."""

    message: dict[str, Any]
    request_id: str

    @property
    def content(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = self.message["content"]
        return blocks

    @property
    def stop_reason(self) -> str | None:
        reason: str | None = self.message.get("stop_reason")
        return reason


def answer(
    client: anthropic.Anthropic, body: dict[str, Any], *, on_text: Listener, on_thought: Listener
) -> Answer:
    """Send the request and read the stream to its end; the listeners hear it as it comes (for the card, not state).

    Raises `Unavailable` if the line dropped or the stream just ended, `BrokenAnswer` if what came makes no
    sense, and `anthropic.APIStatusError` as it is.
    """
    try:
        with client.beta.messages.stream(**body) as stream:
            heard = _Heard()
            for event in _sound(stream):
                heard.take(event)
                _tell(event, on_text, on_thought)
            if not heard.is_whole:
                raise Unavailable("The model's answer broke off before its end.")
            final = Answer(message=_final(stream), request_id=stream.request_id or "")
    except TRANSPORT_ERRORS as error:
        raise Unavailable(f"The connection to the model service failed ({type(error).__name__}).") from error
    heard.check(final)
    return final


class _Heard:
    """What went by: the raw text of every call's input, and whether the message began and ended."""

    def __init__(self) -> None:
        self._inputs: dict[int, list[str]] = defaultdict(list)
        self._seen: set[str] = set()

    def take(self, event: Any) -> None:
        self._seen.add(event.type)
        if event.type == "content_block_delta" and event.delta.type == "input_json_delta":
            self._inputs[event.index].append(event.delta.partial_json)

    @property
    def is_whole(self) -> bool:
        return {"message_start", "message_stop"} <= self._seen

    def check(self, final: Answer) -> None:
        """Of a whole answer: every call's input is one whole JSON object, and it calls exactly if it says so."""
        if final.stop_reason is None:
            raise Unavailable("The model's answer ended without a reason.")
        if final.stop_reason in ("max_tokens", "refusal", "model_context_window_exceeded"):
            return
        for index, block in enumerate(final.content):
            if block["type"] in _CALL_TYPES:
                _check_input("".join(self._inputs[index]))
        calls = any(block["type"] == "tool_use" for block in final.content)
        if calls != (final.stop_reason == "tool_use"):
            raise BrokenAnswer(f"The model's answer contradicts itself (it ended with {final.stop_reason}).")


def _check_input(text: str) -> None:
    try:
        whole = json.loads(text or "{}", parse_constant=_no_constant)
    except ValueError as error:
        raise BrokenAnswer("The model's tool call came broken.") from error
    if not isinstance(whole, dict):
        raise BrokenAnswer("The model's tool call came broken: its input is not an object.")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _sound(stream: Any) -> Iterator[Any]:
    """The stream's events; what the SDK cannot make sense of is a broken answer."""
    try:
        yield from stream
    except (*TRANSPORT_ERRORS, anthropic.APIError):
        raise
    except _MALFORMED as error:
        raise BrokenAnswer(f"The model's answer came broken ({type(error).__name__}).") from error


def _final(stream: Any) -> dict[str, Any]:
    try:
        whole: dict[str, Any] = stream.get_final_message().to_dict(mode="json", warnings=False)
    except _MALFORMED as error:
        raise BrokenAnswer(f"The model's answer came broken ({type(error).__name__}).") from error
    return whole


def _tell(event: Any, on_text: Listener, on_thought: Listener) -> None:
    if event.type == "text":
        on_text(event.text)
    elif event.type == "thinking":
        on_thought(event.thinking)
