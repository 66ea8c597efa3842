"""The prompt cache, simulated: what a request reads, what it writes, and what it costs in tokens.

An entry stands at a marked block and is named by everything up to that block. From each mark the cache looks
back at most 20 blocks for a live entry; the longest is read, the rest up to the last mark is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.rehearsal.prompt import Block

LOOK_BACK = 20
KEPT = 50_000
LIFE = {"5m": 300.0, "1h": 3600.0}
PARAMETERS = ("model", "thinking", "output_config", "tool_choice", "speed")


class Clock:
    """A clock that only moves when told. Call it for the seconds since its start."""

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        """Let this much time pass."""
        self._now += seconds


@dataclass(frozen=True, kw_only=True)
class Account:
    """What one request read and wrote, in tokens, and the entries its answer will leave behind."""

    read: int = 0
    written_5m: int = 0
    written_1h: int = 0
    rest: int = 0
    entries: tuple[tuple[bytes, float], ...] = ()
    at: float = 0.0

    def usage(self) -> dict[str, Any]:
        """The input side of a message's `usage`."""
        return {
            "input_tokens": self.rest,
            "cache_creation_input_tokens": self.written_5m + self.written_1h,
            "cache_read_input_tokens": self.read,
            "cache_creation": {
                "ephemeral_5m_input_tokens": self.written_5m,
                "ephemeral_1h_input_tokens": self.written_1h,
            },
        }


class Cache:
    """The entries of one account. `now` gives seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._entries: dict[bytes, tuple[float, float]] = {}

    def account(self, body: Mapping[str, Any], line: Sequence[Block], shortest: int) -> Account:
        """What this request reads and writes; nothing is kept until `begin`."""
        now = self._now()
        kept = [block for block in line if not block.content.get("defer_loading")]
        keys, sizes = _keys(body, kept), _sizes(kept)
        marks = [(at, ttl) for at, ttl in _marks(body, kept) if sizes[at] >= shortest]
        hit = self._longest(keys, marks, now)
        read = sizes[hit] if hit >= 0 else 0
        written = _written(sizes, marks, read)
        return Account(
            read=read,
            written_5m=written["5m"],
            written_1h=written["1h"],
            rest=(sizes[-1] if sizes else 0) - read - written["5m"] - written["1h"],
            entries=tuple((keys[at], LIFE[ttl]) for at, ttl in marks)
            + (((keys[hit], self._entries[keys[hit]][0]),) if hit >= 0 else ()),
            at=now,
        )

    def begin(self, account: Account) -> None:
        """The answer has begun: its entries can be read from now on, for a life counted from the request."""
        for key, life in account.entries:
            lived, until = self._entries.get(key, (life, 0.0))
            life = max(life, lived) if until > account.at else life
            self._entries[key] = (life, account.at + life)
        if len(self._entries) > KEPT:
            now = self._now()
            self._entries = {key: entry for key, entry in self._entries.items() if entry[1] > now}

    def _longest(self, keys: Sequence[bytes], marks: Sequence[tuple[int, str]], now: float) -> int:
        for mark, _ in reversed(marks):
            for at in range(mark, max(mark - LOOK_BACK, -1), -1):
                if self._entries.get(keys[at], (0.0, -1.0))[1] > now:
                    return at
        return -1


def _keys(body: Mapping[str, Any], line: Sequence[Block]) -> list[bytes]:
    head = json.dumps([body.get(name) for name in PARAMETERS])
    running = sha256(head.encode())
    keys = []
    for block in line:
        running.update(f"{block.section}\n{block.role}\n{block.text}\n".encode())
        keys.append(running.digest())
    return keys


def _sizes(line: Sequence[Block]) -> list[int]:
    sizes, so_far = [], 0
    for block in line:
        so_far += block.tokens
        sizes.append(so_far)
    return sizes


def _marks(body: Mapping[str, Any], line: Sequence[Block]) -> list[tuple[int, str]]:
    marks = {at: block.ttl for at, block in enumerate(line) if block.ttl is not None}
    automatic = body.get("cache_control")
    if automatic:
        last = next((at for at in range(len(line) - 1, -1, -1) if cacheable(line[at].content)), None)
        if last is not None:
            marks.setdefault(last, automatic.get("ttl") or "5m")
    return sorted(marks.items())


def cacheable(content: Mapping[str, Any]) -> bool:
    """Whether a mark may stand here: not on thinking, not on an empty text."""
    if content.get("type") in ("thinking", "redacted_thinking"):
        return False
    return content.get("type") != "text" or bool(content.get("text"))


def _written(sizes: Sequence[int], marks: Sequence[tuple[int, str]], read: int) -> dict[str, int]:
    written, so_far = {"5m": 0, "1h": 0}, read
    for at, ttl in marks:
        if sizes[at] > so_far:
            written[ttl] += sizes[at] - so_far
            so_far = sizes[at]
    return written
