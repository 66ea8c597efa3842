"""How an answer goes out over the connection: at once, slowly, or broken by a fault."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from bot.rehearsal import stream
from bot.rehearsal.faults import Fault
from bot.rehearsal.gate import Gate

Header = tuple[bytes, bytes]


class HungUp(Exception):
    """The caller has closed the connection."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """An ASGI answer: `parts` are events, or a whole JSON body as the only one.

    `delay` is the time in seconds over which the parts are spread; `begun` is called as the first goes out.
    """

    status: int
    headers: Sequence[Header]
    parts: Sequence[bytes]
    request_id: str = ""
    fault: Fault | None = None
    delay: float = 0.0
    begun: Callable[[], None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.fault is None and not self.delay:
            await self._start(send)
            await send({"type": "http.response.body", "body": b"".join(self.parts)})
            return
        line = _Line(receive)
        try:
            await self._slowly(scope, line, send)
        except HungUp:
            return
        finally:
            line.close()

    async def _slowly(self, scope: Scope, line: _Line, send: Send) -> None:
        fault = self.fault or Fault(name="none")
        if fault.before is not None:
            await line.until(fault.before)
        if fault.ending == "reset" and fault.after is None:
            return _reset(scope)
        await self._start(send)
        async for part in self._parts(fault, line):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await self._end(fault, scope, send)
        return None

    async def _start(self, send: Send) -> None:
        if self.begun is not None:
            self.begun()
        await send({"type": "http.response.start", "status": self.status, "headers": list(self.headers)})

    async def _parts(self, fault: Fault, line: _Line) -> AsyncIterator[bytes]:
        last = fault.after if fault.ending is not None else None
        for number, part in enumerate(self.parts[:last]):
            if fault.hold is not None and number == fault.after:
                await line.until(fault.hold)
            if self.delay:
                await line.wait(asyncio.sleep(self.delay / len(self.parts)))
            for piece in _pieces(part, fault.piece):
                yield piece

    async def _end(self, fault: Fault, scope: Scope, send: Send) -> None:
        if fault.ending == "reset":
            return _reset(scope)
        if fault.ending == "drop":
            return _transport(scope).close()
        last = b""
        if fault.ending == "error" and fault.refusal is not None:
            last = stream.error(fault.refusal, self.request_id)
        await send({"type": "http.response.body", "body": last})
        return None


class _Line:
    """Waits for something, unless the caller hangs up first."""

    def __init__(self, receive: Receive) -> None:
        self._gone = asyncio.ensure_future(_disconnected(receive))

    async def until(self, gate: Gate) -> None:
        try:
            await self.wait(gate.passed())
        except HungUp:
            gate.left.set()
            raise

    async def wait(self, event: Awaitable[None]) -> None:
        coming = asyncio.ensure_future(event)
        await asyncio.wait({coming, self._gone}, return_when=asyncio.FIRST_COMPLETED)
        if not coming.done():
            coming.cancel()
            raise HungUp

    def close(self) -> None:
        self._gone.cancel()


async def _disconnected(receive: Receive) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        while (await receive())["type"] != "http.disconnect":
            pass


def _pieces(part: bytes, size: int | None) -> Sequence[bytes]:
    return [part] if size is None else [part[at : at + size] for at in range(0, len(part), size)]


def _transport(scope: Scope) -> asyncio.Transport:
    transport: asyncio.Transport = scope["state"]["transport"]
    return transport


def _reset(scope: Scope) -> None:
    transport = _transport(scope)
    wire = transport.get_extra_info("socket")
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
