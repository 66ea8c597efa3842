"""The socket of one model call, so that another thread can cut it.

Closing a stream or a client does not wake a reader that is blocked on it; shutting its socket down does, before
the headers or in mid-stream. A connection that is still being made is cut once it stands (5 seconds at most).
"""

from __future__ import annotations

import contextlib
import contextvars
import socket
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2

from bot.errors import CoworkError
from bot.model.errors import Cut

_current: contextvars.ContextVar[Wire | None] = contextvars.ContextVar("wire", default=None)


class Wire:
    """One model call's connection. `cut()` ends the call at once, from any thread, now or as soon as it begins."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self.is_cut = False

    def cut(self) -> None:
        self.is_cut = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Every request sent by this thread in this block is this wire's; if it was cut, the block ends in `Cut`."""
        token = _current.set(self)
        try:
            yield
        except CoworkError as error:
            if self.is_cut:
                raise Cut("The model call was stopped.") from error
            raise
        finally:
            _current.reset(token)
        if self.is_cut:
            raise Cut("The model call was stopped.")

    def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Take note of the socket once it stands; behind a proxy the names have a prefix of their own."""
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
            if self.is_cut:
                self.cut()


def watch(request: httpx2.Request) -> None:
    """Request hook of the HTTP client: lets the calling thread's wire follow its connection."""
    if (wire := _current.get()) is not None:
        request.extensions["trace"] = wire.trace
