"""The socket of one model call, so that another thread can cut it.

Closing a stream or a client does not wake a reader that is blocked on it; shutting its socket down does, before
the headers or in mid-stream. A connection that is still being made is cut once it stands (5 seconds at most).
One that is kept for the next call belongs to whoever wrote to it last.
"""

from __future__ import annotations

import contextlib
import contextvars
import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2

from bot.errors import CoworkError
from bot.model.errors import Cut

_current: contextvars.ContextVar[Wire | None] = contextvars.ContextVar("wire", default=None)


class Wire:
    """One model call's connection. `cut()` ends the call at once, from any thread, now or as soon as it begins."""

    def __init__(self) -> None:
        self._line: _Line | None = None
        self.is_cut = False

    def cut(self) -> None:
        self.is_cut = True
        if self._line is not None:
            self._line.shut(self)

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
            self.take(_Line(info["return_value"]))

    def take(self, line: _Line) -> None:
        self._line = line
        line.belongs_to(self)
        if self.is_cut:
            self.cut()


class _Line:
    """One connection. It outlives the call that it was made for, and is then the next one's."""

    def __init__(self, stream: Any) -> None:
        self._socket: socket.socket = stream.get_extra_info("socket")
        self._wire: Wire | None = None
        self._lock = threading.Lock()
        self._write = stream.write
        stream.write = self._written

    def belongs_to(self, wire: Wire | None) -> None:
        with self._lock:
            self._wire = wire

    def shut(self, wire: Wire) -> None:
        with self._lock, contextlib.suppress(OSError):
            if self._wire is wire:
                self._socket.shutdown(socket.SHUT_RDWR)

    def _written(self, *what: Any, **how: Any) -> None:
        wire = _current.get()
        if wire is None:
            self.belongs_to(None)
        elif wire is not self._wire:
            wire.take(self)
        self._write(*what, **how)


def watch(request: httpx2.Request) -> None:
    """Request hook of the HTTP client: lets the calling thread's wire follow its connection."""
    if (wire := _current.get()) is not None:
        request.extensions["trace"] = wire.trace
