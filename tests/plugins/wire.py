"""A server that answers whatever a test says, or nothing: for what a service does when it fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Wire:
    """Every request gets `status`, `headers` and `body`; with `drops` the connection ends without an answer."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = field(default_factory=dict)
    drops: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def answers(self, status: int, body: Any, **headers: str) -> None:
        self.status, self.body, self.headers = status, body, headers

    @property
    def content(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@contextmanager
def listening() -> Iterator[Wire]:
    wire = Wire()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            wire.asked.append((self.command, self.path))
            if wire.drops:
                self.close_connection = True
                return
            self.send_response(wire.status)
            for name, value in {**wire.headers, "Content-Length": str(len(wire.content))}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(wire.content)

        do_GET = do_POST = do_PATCH = do_DELETE = answer

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        wire.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield wire
        server.shutdown()
        thread.join()
