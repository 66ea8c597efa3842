"""The rules of the Messages API that no type can say: `check(body)` lists every one a request breaks.

It can stand in the double, before a client, or over stored conversations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.rehearsal import catalogue, prompt, signing
from bot.rehearsal.prompt import Block
from bot.rehearsal.rules import compaction, content, limits, marks, pairing, roles, structured, toolset


def check(body: Mapping[str, Any], line: list[Block] | None = None) -> list[str]:
    """What a well-shaped body breaks, in the API's words; empty when nothing.

    `line` are the blocks of the body, if the caller has them already.
    """
    model = catalogue.known().get(body["model"]) or catalogue.permissive(body["model"])
    blocks = prompt.blocks(body) if line is None else line
    return [
        *roles.check(body, model),
        *pairing.check(body),
        *content.check(body),
        *toolset.check(body, model),
        *marks.check(body, blocks),
        *limits.check(body, model, sum(block.tokens for block in blocks)),
        *compaction.check(body),
        *structured.check(body),
    ]


def signatures(
    body: Mapping[str, Any], line: list[Block], digests: list[bytes]
) -> tuple[list[str], list[str]]:
    """Thinking of another conversation: what is refused for it, and the paths of what is dropped instead."""
    broken = list(signing.broken(line, digests))
    binding = (body.get("thinking") or {}).get("block_binding") or {}
    if binding.get("prefix_mismatch_behavior") == "drop_block":
        return [], broken
    return [signing.UNBOUND.format(path=path) for path in broken], []
