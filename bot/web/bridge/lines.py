"""What stands on standard input, line by line; reading it never holds up the end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncIterator

_PIECE = 1 << 16


class Lines:
    """A thread reads, and the process does not wait for it: a read of a pipe cannot be called off."""

    def __init__(self, source: int) -> None:
        """`source` is a file descriptor."""
        self._source = source
        self._read: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """To the end of the input. Once: what was read is gone."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._follow, args=[loop], name="stdin", daemon=True).start()
        while (line := await self._read.get()) is not None:
            if line.strip():
                yield line

    def _follow(self, loop: asyncio.AbstractEventLoop) -> None:
        begun: list[bytes] = []
        with contextlib.suppress(RuntimeError):  # the loop is over, and nobody reads any more
            while piece := os.read(self._source, _PIECE):
                *lines, rest = piece.split(b"\n")
                for line in lines:
                    loop.call_soon_threadsafe(self._read.put_nowait, b"".join((*begun, line)))
                    begun.clear()
                begun.append(rest)
            loop.call_soon_threadsafe(self._read.put_nowait, b"".join(begun))
            loop.call_soon_threadsafe(self._read.put_nowait, None)
