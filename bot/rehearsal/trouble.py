"""Every kind of fault, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.rehearsal import prompt
from bot.rehearsal.faults import Fault
from bot.rehearsal.gate import Gate
from bot.rehearsal.refusal import Refusal


def refused(status: int, type: str, message: str, **details: Any) -> Fault:
    """Any error answer, before the model has said a word."""
    refusal = Refusal(status=status, type=type, message=message, details=details or None)
    return Fault(name=str(status), refusal=refusal)


def rate_limited(retry_after: str | None = None) -> Fault:
    """429; `retry_after` in seconds or as an HTTP date, absent if None."""
    headers = {} if retry_after is None else {"retry-after": retry_after}
    message = "This request would exceed your organization's rate limit."
    return Fault(name="429", refusal=_refusal(429, "rate_limit_error", message, headers=headers))


def spend_limit() -> Fault:
    """429 that no waiting cures: the organisation's money is spent."""
    details = {"error_code": "enforced_spend_limit_reached"}
    message = "Your organization has reached its spend limit."
    return Fault(name="spend limit", refusal=_refusal(429, "rate_limit_error", message, details=details))


def server_error() -> Fault:
    """500."""
    return Fault(name="500", refusal=_refusal(500, "api_error", "Internal server error"))


def overloaded() -> Fault:
    """529."""
    return Fault(name="529", refusal=_refusal(529, "overloaded_error", "Overloaded"))


def too_large() -> Fault:
    """413."""
    message = "Request exceeds the maximum size"
    return Fault(name="413", refusal=_refusal(413, "request_too_large", message))


def slow_start(gate: Gate) -> Fault:
    """Nothing comes, not even headers, until the gate opens."""
    return Fault(name="slow start", before=gate)


def stall(after: int, gate: Gate) -> Fault:
    """The stream stops after so many events until the gate opens."""
    return Fault(name="stall", after=after, hold=gate)


def dribble(piece: int = 1) -> Fault:
    """The answer comes in pieces of so many bytes, across events and characters."""
    return Fault(name="dribble", piece=piece)


def reset(after: int | None = None) -> Fault:
    """The connection is reset after so many events, or before the headers."""
    return Fault(name="reset", after=after, ending="reset")


def dropped(after: int = 0) -> Fault:
    """The connection is closed after so many events, in the middle of the body."""
    return Fault(name="dropped", after=after, ending="drop")


def cut_short(after: int) -> Fault:
    """The stream ends cleanly after so many events, without `message_stop`."""
    return Fault(name="cut short", after=after, ending="clean")


def empty_body() -> Fault:
    """200 and nothing."""
    return Fault(name="empty body", after=0, ending="clean")


def error_event(after: int, type: str = "overloaded_error", message: str = "Overloaded") -> Fault:
    """An `error` event after so many events; the status stays 200."""
    refusal = _refusal(200, type, message)
    return Fault(name="error event", after=after, ending="error", refusal=refusal)


def cut_tool() -> Fault:
    """The last tool call is cut off by `max_tokens`: the SDK shows a plausible, incomplete input."""
    return Fault(name="cut tool", change=lambda message: _with_tool_json(message, _cut, "max_tokens"))


def broken_tool() -> Fault:
    """The last tool call's input is no JSON at all."""
    return Fault(name="broken tool", change=lambda message: _with_tool_json(message, _broken, "tool_use"))


def max_tokens() -> Fault:
    """The answer's last text is cut off by `max_tokens`; calls after it are missing."""
    return Fault(name="max tokens", change=lambda message: _ended(message, _half(message), "max_tokens"))


def refusal(*, midway: bool = False, category: str | None = None) -> Fault:
    """The model refuses: without a word, or in the middle of its answer."""
    details = {"type": "refusal", "category": category, "explanation": None}

    def change(message: dict[str, Any]) -> dict[str, Any]:
        kept = _half(message) if midway else []
        return {**_ended(message, kept, "refusal"), "stop_details": details}

    return Fault(name="refusal", change=change)


def empty_end_turn() -> Fault:
    """The model ends its turn and has said nothing."""
    return Fault(name="empty end_turn", change=lambda message: _ended(message, [], "end_turn"))


def pause_turn() -> Fault:
    """The API pauses in the middle of a search of its own; the turn is to be sent back as it is."""
    return Fault(name="pause_turn", change=_paused)


def _refusal(
    status: int,
    type: str,
    message: str,
    *,
    details: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Refusal:
    return Refusal(status=status, type=type, message=message, details=details, headers=headers or {})


def _ended(message: dict[str, Any], content: list[dict[str, Any]], ending: str) -> dict[str, Any]:
    return {**message, "content": content, "stop_reason": ending}


def _half(message: dict[str, Any]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for block in message["content"]:
        if block["type"] == "text":
            return [*kept, {**block, "text": block["text"][: len(block["text"]) // 2 + 1]}]
        if block["type"] == "tool_use":
            break
        kept.append(block)
    return kept


def _with_tool_json(message: dict[str, Any], spoilt: Any, ending: str) -> dict[str, Any]:
    content = list(message["content"])
    last = _last_tool(content)
    if last is None:
        return _ended(message, _half(message), ending)
    content[last] = {**content[last], "input": spoilt(prompt.dumped(content[last]["input"]))}
    return _ended(message, content[: last + 1], ending)


def _last_tool(content: Sequence[dict[str, Any]]) -> int | None:
    return next((at for at in range(len(content) - 1, -1, -1) if content[at]["type"] == "tool_use"), None)


def _cut(whole: str) -> str:
    return whole[: max(1, len(whole) - 2)]


def _broken(whole: str) -> str:
    return whole[:-1] + ',"oops": }'


def _paused(message: dict[str, Any]) -> dict[str, Any]:
    search = {
        "type": "server_tool_use",
        "id": message["id"].replace("msg_", "srvtoolu_"),
        "name": "web_search",
        "input": {"query": "paused"},
    }
    return _ended(message, [*_half(message), search], "pause_turn")
