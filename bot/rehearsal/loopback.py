"""An ASGI app on a loopback port, in a thread of its own that starts and stops at once."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState


class Loopback:
    """Serves until it is closed. Port 0 takes any free one; `port` says which."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        listening = _listening(port)
        self.port: int = listening.getsockname()[1]
        config = Config(
            app, lifespan="off", log_config=None, access_log=False, ws="none", proxy_headers=False
        )
        config.load()
        self._state = ServerState()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="model-double", daemon=True)
        self._thread.start()
        serving = self._loop.create_server(
            lambda: _Connection(config, self._state, {}, self._loop), sock=listening
        )
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result()

    def close(self) -> None:
        """Break every connection and let the port go."""
        asyncio.run_coroutine_threadsafe(self._broken(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _broken(self) -> None:
        self._server.close()
        for connection in list(self._state.connections):
            connection.transport.abort()
        await self._settled()

    async def _settled(self) -> None:
        tasks = list(self._state.tasks)
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)


def _listening(port: int) -> socket.socket:
    # The protocol is named, as asyncio turns Nagle's delay off only where it is.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    return listening


class _Connection(H11Protocol):
    """Tells the app its transport, so that a fault can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {"transport": transport}
