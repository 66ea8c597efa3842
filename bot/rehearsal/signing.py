"""Signatures of thinking and compaction: what a history must not change after the model has thought.

A thinking block is bound to the model and to every block before it, cache marks aside. The key is fixed, so a
stored conversation survives a restart of the double.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from bot.rehearsal.prompt import Block

KEY = b"cowork rehearsal model"
UNBOUND = (
    "{path}: Invalid signature in thinking block. The block is bound to a different conversation: "
    "`system`, `tools` and the messages before it must be sent back unchanged."
)


def bindings(model: str, line: Sequence[Block]) -> list[bytes]:
    """For every block, and for what follows the last one, a digest of all that stands before it."""
    digests = [sha256(model.encode()).digest()]
    for block in line:
        digests.append(extended(digests[-1], block))
    return digests


def extended(binding: bytes, block: Block) -> bytes:
    """The binding of what comes after this block."""
    return sha256(binding + f"{block.section}\n{block.role}\n{block.text}".encode()).digest()


def thinking(binding: bytes, said: str) -> str:
    """The signature of a thinking block that says this in this place."""
    return _signed(b"thinking", binding, said.encode())


def compaction(content: str | None, encrypted: str | None) -> str:
    """The signature of a compaction block: it opens an epoch, so it is bound to nothing before it."""
    return _signed(b"compaction", (content or "").encode(), (encrypted or "").encode())


def broken(line: Sequence[Block], digests: Sequence[bytes]) -> Iterator[str]:
    """The paths of thinking blocks that this conversation did not produce."""
    for block, binding in zip(line, digests, strict=False):
        if block.role == "assistant" and block.content.get("type") == "thinking":
            expected = thinking(binding, block.content.get("thinking") or "")
            if not hmac.compare_digest(expected, str(block.content.get("signature"))):
                yield block.path


def forged(content: Mapping[str, Any]) -> bool:
    """Whether a compaction block is not as it was returned."""
    expected = compaction(content.get("content"), content.get("encrypted_content"))
    return not hmac.compare_digest(expected, str(content.get("signature")))


def _signed(kind: bytes, *parts: bytes) -> str:
    return hmac.new(KEY, b"\0".join((kind, *parts)), sha256).hexdigest()
