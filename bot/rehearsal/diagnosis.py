"""Why the cache could not be read: this request's prompt compared with the previous one's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.rehearsal.prompt import Block, Section

REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One request as the diagnosis remembers it; `prefix` is the digest of its first `length` blocks."""

    model: tuple[Any, Any]
    tools: bytes
    system: bytes
    length: int
    prefix: bytes
    tokens: int


def fingerprint(body: Mapping[str, Any], line: Sequence[Block], digests: Sequence[bytes]) -> Fingerprint:
    """What is remembered. `digests` are the bindings of the line, one more than it has blocks."""
    return Fingerprint(
        (body.get("model"), body.get("speed")),
        _digest(line, "tools"),
        _digest(line, "system"),
        len(line),
        digests[len(line)],
        sum(block.tokens for block in line),
    )


class Diagnosis:
    """Remembers the requests behind the last answers, by message id."""

    def __init__(self) -> None:
        self._seen: dict[str, Fingerprint] = {}

    def remember(self, message_id: str, seen: Fingerprint) -> None:
        """This request got that answer."""
        self._seen[message_id] = seen
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]

    def compare(
        self, body: Mapping[str, Any], now: Fingerprint, digests: Sequence[bytes]
    ) -> dict[str, Any] | None:
        """The `diagnostics` of the answer; `None` when nothing diverged or nobody asked."""
        previous_id = (body.get("diagnostics") or {}).get("previous_message_id")
        if previous_id is None:
            return None
        before = self._seen.get(previous_id)
        if before is None:
            return {"cache_miss_reason": {"type": "previous_message_not_found"}}
        changed = _changed(before, now, digests)
        if changed is None:
            return None
        return {"cache_miss_reason": {"type": changed, "cache_missed_input_tokens": before.tokens}}


def _digest(line: Sequence[Block], section: Section) -> bytes:
    running = sha256()
    for block in line:
        if block.section == section:
            running.update(f"{block.text}\n".encode())
    return running.digest()


def _changed(before: Fingerprint, now: Fingerprint, digests: Sequence[bytes]) -> str | None:
    if before.model != now.model:
        return "model_changed"
    if before.tools != now.tools:
        return "tools_changed"
    if before.system != now.system:
        return "system_changed"
    if before.length > now.length or before.prefix != digests[before.length]:
        return "messages_changed"
    return None
