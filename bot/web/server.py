"""An HTTP server on its own thread, started and stopped with the process."""

from __future__ import annotations

import socket
import threading

import uvicorn
from starlette.types import ASGIApp

from bot.errors import NotConfigured


class Server:
    """The port is taken at once, so that its address is known before there is an app to serve."""

    def __init__(self, *, host: str, port: int) -> None:
        """`port` 0 takes a free one. Raises `NotConfigured` when the port is taken."""
        self._socket = _bound(host, port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{host}:{self.port}"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self, app: ASGIApp) -> None:
        """Returns when requests are answered."""
        config = uvicorn.Config(
            app, ws="wsproto", log_config=None, timeout_graceful_shutdown=2, lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="http", daemon=True
        )
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.01)
        if not self._server.started:
            raise NotConfigured(f"The web address {self.url} could not be served; the log says why.")

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(5)
        self._socket.close()


def _bound(host: str, port: int) -> socket.socket:
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((host, port))
    except OSError as error:
        server.close()
        raise NotConfigured(
            f"Port {port} on {host} cannot be used ({error.strerror}). Set COWORK_PORT to a free one, or to 0."
        ) from None
    return server
