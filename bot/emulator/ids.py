"""Identifiers and timestamps as Slack makes them: repeatable for a seed, and never given out twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from bot.emulator.store import Store

SEED = "acme"
"""Of every local Slack that is not told another."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Ids:
    def __init__(self, store: Store, seed: str, now: Callable[[], float]) -> None:
        self._store = store
        self._seed = seed
        self._now = now

    def named(self, prefix: str, name: str) -> str:
        """The id of something that the seed names, such as a channel of the first day."""
        return prefix + _letters(f"{self._seed}/{prefix}/{name}")

    def fresh(self, prefix: str) -> str:
        return self.named(prefix, f"#{self._store.number(f'id {prefix}')}")

    def timestamp(self) -> str:
        """A message's `ts`: the time in seconds, with microseconds that make it unique and increasing."""
        last = (self._store.get("series", "timestamp") or {"last": 0})["last"]
        ticks = max(int(self._now() * 1_000_000), last + 1)
        self._store.put("series", "timestamp", {"last": ticks})
        return f"{ticks // 1_000_000:010d}.{ticks % 1_000_000:06d}"


def team_id(seed: str = SEED) -> str:
    """Of the workspace that such a Slack is."""
    return "T" + _letters(f"{seed}/T/team")


def _letters(text: str) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    letters = []
    for _ in range(10):
        number, digit = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[digit])
    return "".join(letters)
