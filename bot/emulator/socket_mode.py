"""Socket Mode: the app's WebSockets, each envelope to one of them, acknowledged by its id."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bot.emulator.outcome import Acked, Failed, NotConnected, Outcome, settle
from bot.emulator.wire import Json

DRAIN_SECONDS = 10.0
REPLACED_SECONDS = 0.2


class Socket:
    """One connection: what is to be sent on it, and what it has not acknowledged."""

    def __init__(self) -> None:
        self.draining = False
        self.pending: dict[str, Future[Outcome]] = {}
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()

    def send(self, message: Json | None) -> None:
        """Send this, or close when it is None."""
        if not self._loop.is_closed():
            text = None if message is None else json.dumps(message)
            self._loop.call_soon_threadsafe(self._queue.put_nowait, text)

    async def next(self) -> str | None:
        return await self._queue.get()


class SocketHub:
    def __init__(self, app_id: str, changed: Callable[[int], None]) -> None:
        self._app_id = app_id
        self._changed = changed
        self._sockets: list[Socket] = []
        self._tickets: set[str] = set()
        self._turn = itertools.count()
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        with self._lock:
            return sum(not socket.draining for socket in self._sockets)

    def ticket(self) -> str:
        """Admits one connection."""
        ticket = secrets.token_urlsafe(18)
        self._tickets.add(ticket)
        return ticket

    def send(self, envelope: Json) -> Future[Outcome]:
        pending: Future[Outcome] = Future()
        with self._lock:
            ready = [socket for socket in self._sockets if not socket.draining]
            if not ready:
                settle(pending, NotConnected())
                return pending
            socket = ready[next(self._turn) % len(ready)]
            socket.pending[envelope["envelope_id"]] = pending
        socket.send(envelope)
        return pending

    def refresh(self) -> None:
        """Ask every client to connect anew, as Slack does every few hours."""
        with self._lock:
            for socket in self._sockets:
                socket.draining = True
                socket.send(_disconnect("refresh_requested"))

    def kill(self) -> None:
        """Drop every connection without a word."""
        with self._lock:
            for socket in self._sockets:
                socket.draining = True
                socket.send(None)

    async def serve(self, websocket: WebSocket) -> None:
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await websocket.close(code=1008)
            return
        self._tickets.discard(ticket)
        await websocket.accept()
        socket = Socket()
        self._add(socket)
        socket.send(self._hello())
        sender = asyncio.create_task(_pump(websocket, socket))
        self._changed(self.count)
        try:
            async for text in websocket.iter_text():
                self._acknowledge(text)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            sender.cancel()
            self._remove(socket)

    def _add(self, socket: Socket) -> None:
        """A socket that was asked to go is closed soon after its successor came."""
        with self._lock:
            replaced = [other for other in self._sockets if other.draining]
            self._sockets.append(socket)
        for other in replaced:
            asyncio.get_running_loop().call_later(REPLACED_SECONDS, other.send, None)

    def _acknowledge(self, text: str) -> None:
        """An acknowledgement counts on whichever socket it comes: a client may just be changing to a new one."""
        try:
            message: Any = json.loads(text)
        except ValueError:
            return
        if not isinstance(message, dict):
            return
        envelope_id = str(message.get("envelope_id"))
        with self._lock:
            found = [socket.pending.pop(envelope_id, None) for socket in self._sockets]
        for pending in found:
            if pending is not None:
                settle(pending, Acked(message.get("payload")))

    def _remove(self, socket: Socket) -> None:
        with self._lock:
            self._sockets.remove(socket)
            lost = list(socket.pending.values())
        for pending in lost:
            settle(pending, Failed("connection_failed"))
        self._changed(self.count)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.count,
            "debug_info": {"host": "applink-local", "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app_id},
        }


async def _pump(websocket: WebSocket, socket: Socket) -> None:
    while (text := await socket.next()) is not None:
        await websocket.send_text(text)
        if _is_disconnect(text):
            asyncio.get_running_loop().call_later(DRAIN_SECONDS, socket.send, None)
    if websocket.application_state is not WebSocketState.DISCONNECTED:
        await websocket.close(code=1011)


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}}


def _is_disconnect(text: str) -> bool:
    return text.startswith('{"type": "disconnect"')
