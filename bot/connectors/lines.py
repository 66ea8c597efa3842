"""Lines out of a stream of bytes, each looked at once; one that is too long is dropped as it comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MOST_BYTES: Final = 8 << 20

_HEAD: Final = 4096
_TAIL: Final = 256
_ID: Final = re.compile(rb'"id"\s*:\s*(\d{1,18}|"[^"\\]{1,128}")')
_EARLY: Final = 200


@dataclass(frozen=True)
class TooLong:
    """A line that was dropped: which request it answered, where that could be told."""

    id: int | str | None


class Lines:
    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._held = bytearray()
        self._looked = 0
        self._head: bytes | None = None

    def fed(self, chunk: bytes) -> Iterator[bytes | TooLong]:
        """What is whole now, in order."""
        self._held += chunk
        while (end := self._held.find(b"\n", self._looked)) >= 0:
            line = bytes(self._held[:end])
            del self._held[: end + 1]
            self._looked = 0
            yield self._ended(line)
        self._looked = len(self._held)
        if self._looked > self._most:
            self._drop()

    def _ended(self, line: bytes) -> bytes | TooLong:
        if self._head is None and len(line) <= self._most:
            return line
        head, tail = self._head or line[:_HEAD], line[-_TAIL:]
        self._head = None
        return TooLong(_id_in(head, tail))

    def _drop(self) -> None:
        """All but what may tell whose answer it is: servers put the id first, or last."""
        if self._head is None:
            self._head = bytes(self._held[:_HEAD])
        del self._held[:-_TAIL]
        self._looked = len(self._held)


def answers(line: bytes) -> int | str | None:
    """Which request a line answers that is not well formed, where that can be told."""
    return None if b'"method"' in line[:_HEAD] else _id_in(line[:_HEAD], line[-_TAIL:])


def _id_in(head: bytes, tail: bytes) -> int | str | None:
    found = _ID.search(head[:_EARLY])
    if found is None:
        found = next(reversed(list(_ID.finditer(tail))), None)
    if found is None:
        return None
    text = found[1].decode(errors="replace")
    return text[1:-1] if text.startswith('"') else int(text)
