"""One request becomes one message, or a refusal: checked, answered by the mind, signed, and accounted for."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.rehearsal import catalogue, diagnosis, door, prompt, rules, shape, signing
from bot.rehearsal.answer import Answer, Mind
from bot.rehearsal.cache import Account, Cache
from bot.rehearsal.refusal import Refusal, invalid, not_found
from bot.rehearsal.structured import held, is_structured, nothing_found

logger = logging.getLogger(__name__)

BINDING_BETA = "thinking-binding-controls-2026-08-01"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A whole message as the API sends it, and what the cache keeps once it has begun to be sent."""

    message: dict[str, Any]
    account: Account | None = None


class Desk:
    """Answers requests. `now` is the cache's clock, in seconds; without `strict` nothing is checked."""

    def __init__(
        self, mind: Mind, *, strict: bool, now: Callable[[], float], structured: Mind = nothing_found
    ) -> None:
        self._mind = mind
        self._structured = structured
        self._strict = strict
        self._cache = Cache(now)
        self._diagnosis = diagnosis.Diagnosis()

    def reply(self, body: dict[str, Any], headers: Mapping[str, str]) -> Reply | Refusal:
        """What the API answers to `POST /v1/messages`."""
        if not self._strict:
            return self._unchecked(body)
        if refusal := _refused(body, headers, shape.check):
            return refusal
        line = prompt.blocks(body)
        digests = signing.bindings(body["model"], line)
        unbound, dropped = rules.signatures(body, line, digests)
        if wrong := [*rules.check(body, line), *unbound, *door.check(body, headers)]:
            return invalid("; ".join(wrong))
        answer = self._asked(body)
        if isinstance(answer, Refusal):
            return answer
        content = _sent(answer, body, digests[-1])
        account = self._cache.account(body, line, catalogue.known()[body["model"]].cached_from)
        message = _message(body, answer, content, account.usage())
        seen = diagnosis.fingerprint(body, line, digests)
        message["diagnostics"] = self._diagnosis.compare(body, seen, digests)
        if BINDING_BETA in headers.get("anthropic-beta", ""):
            message["input_transformations"] = [_dropped(path) for path in dropped]
        self._diagnosis.remember(message["id"], seen)
        return Reply(message=message, account=account)

    def begin(self, reply: Reply) -> None:
        """The first byte of the reply goes out: what it wrote to the cache can be read."""
        if reply.account is not None:
            self._cache.begin(reply.account)

    def count(self, body: dict[str, Any], headers: Mapping[str, str]) -> int | Refusal:
        """What the API answers to `POST /v1/messages/count_tokens`."""
        if self._strict and (refusal := _refused(body, headers, shape.check_count)):
            return refusal
        return prompt.total(body)

    def _unchecked(self, body: dict[str, Any]) -> Reply | Refusal:
        answer = self._asked(body)
        if isinstance(answer, Refusal):
            return answer
        usage = {"input_tokens": 1, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
        return Reply(message=_message(body, answer, _sent(answer, body, b""), usage))

    def _asked(self, body: dict[str, Any]) -> Answer | Refusal:
        if body.get("max_tokens") == 0:
            return Answer(content=[], stop_reason="max_tokens")
        try:
            if is_structured(body):
                return held(self._structured(body), body)
            return self._mind(body)
        except Exception as error:
            logger.exception("the mind failed")
            return invalid(f"the mind failed: {error!r}")


def _refused(
    body: Mapping[str, Any], headers: Mapping[str, str], check: Callable[[Mapping[str, Any]], list[str]]
) -> Refusal | None:
    if refusal := door.refused(headers):
        return refusal
    if wrong := check(body):
        return invalid("; ".join(wrong))
    return None if body["model"] in catalogue.known() else not_found(f"model: {body['model']}")


def _sent(answer: Answer, body: Mapping[str, Any], binding: bytes) -> list[dict[str, Any]]:
    if body.get("compaction"):
        return [_compaction(answer)]
    shown = _shown(body)
    content = []
    for block in answer.content:
        sent = _finished(block, binding, shown)
        content.append(sent)
        binding = signing.extended(binding, prompt.block("assistant", sent)) if binding else binding
    return content


def _finished(block: dict[str, Any], binding: bytes, shown: bool) -> dict[str, Any]:
    match block["type"]:
        case "tool_use":
            return {"type": "tool_use", "id": f"toolu_{uuid.uuid4().hex[:24]}", **block}
        case "thinking":
            said = block.get("thinking", "") if shown else ""
            return {"type": "thinking", "thinking": said, "signature": signing.thinking(binding, said)}
        case "compaction":
            return _signed(block.get("content"), block.get("encrypted_content"))
        case _:
            return block


def _shown(body: Mapping[str, Any]) -> bool:
    thinking = body.get("thinking") or {}
    return thinking.get("type") == "between_tools" or thinking.get("display") in ("summarized", "updates")


def _compaction(answer: Answer) -> dict[str, Any]:
    for block in answer.content:
        if block["type"] == "compaction":
            return _signed(block.get("content"), block.get("encrypted_content"))
    said = "\n\n".join(block["text"] for block in answer.content if block["type"] == "text")
    return _signed(said or None, None)


def _signed(content: str | None, encrypted: str | None) -> dict[str, Any]:
    return {
        "type": "compaction",
        "content": content,
        "encrypted_content": encrypted,
        "signature": signing.compaction(content, encrypted),
    }


def _message(
    body: Mapping[str, Any], answer: Answer, content: list[dict[str, Any]], usage: dict[str, Any]
) -> dict[str, Any]:
    ending = "compaction" if body.get("compaction") else answer.ending
    return {
        "id": f"msg_{uuid.uuid4().hex[:24]}",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": content,
        "stop_reason": ending,
        "stop_sequence": None,
        "stop_details": answer.stop_details,
        "usage": {**usage, **_output(content), **(answer.usage or {})},
    }


def _output(content: list[dict[str, Any]]) -> dict[str, Any]:
    tokens = sum(len(prompt.dumped(block)) for block in content) // prompt.CHARACTERS_PER_TOKEN
    return {"output_tokens": max(1, tokens), "service_tier": "standard"}


def _dropped(path: str) -> dict[str, str]:
    return {"type": "thinking_dropped", "path": path, "reason": "prefix_binding_mismatch"}
