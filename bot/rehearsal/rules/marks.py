"""Cache marks: four at most, never on thinking or nothing, the long-lived ones first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.rehearsal.cache import cacheable
from bot.rehearsal.prompt import Block

MOST = 4
TOO_MANY = "A maximum of 4 blocks with cache_control may be provided. Found {found}."
NOT_HERE = "{path}: cache_control cannot be set for {kind} blocks"
LONG_FIRST = (
    "{path}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control "
    "block. Note that blocks are processed in the following order: `tools`, `system`, `messages`."
)
TWO_LIVES = "cache_control.ttl: the last block already has a cache_control with a different ttl"


def check(body: Mapping[str, Any], line: Sequence[Block]) -> Iterator[str]:
    """What is wrong with the marks of a request."""
    automatic = body.get("cache_control")
    marked = [block for block in line if block.ttl is not None]
    found = len(marked) + (1 if automatic and not _is_doubled(automatic, line) else 0)
    if found > MOST:
        yield TOO_MANY.format(found=found)
    for block in marked:
        if not cacheable(block.content):
            kind = "thinking" if "thinking" in block.content["type"] else "empty text"
            yield NOT_HERE.format(path=block.path, kind=kind)
    yield from _order(marked, automatic)
    if automatic and _is_doubled(automatic, line, same=False):
        yield TWO_LIVES


def _order(marked: Sequence[Block], automatic: Mapping[str, Any] | None) -> Iterator[str]:
    lives = [(block.path, block.ttl) for block in marked]
    if automatic:
        lives.append(("", automatic.get("ttl") or "5m"))
    short = False
    for path, ttl in lives:
        if ttl == "1h" and short:
            yield LONG_FIRST.format(path=path).removeprefix(".")
        short = short or ttl == "5m"


def _is_doubled(automatic: Mapping[str, Any], line: Sequence[Block], same: bool = True) -> bool:
    last = next((block for block in reversed(line) if cacheable(block.content)), None)
    if last is None or last.ttl is None:
        return False
    return (last.ttl == (automatic.get("ttl") or "5m")) is same
