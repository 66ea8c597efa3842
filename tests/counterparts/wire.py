"""The wire to a counterpart, on which requests and answers can be lost: what arrives, arrives at the real one."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An answer of the wire's own: the request goes no further."""

    code: int
    body: str
    headers: dict[str, str]


class Lost(Enum):
    REQUEST = "The connection is dropped before the service has heard of it."
    ANSWER = "The service has done it, and the connection is dropped before it could say so."


class Wire:
    """`url` is the way to the service. What is to go wrong is asked for beforehand, once each, in this order."""

    def __init__(self, service: str) -> None:
        self.service = urlsplit(service)
        self.sent: list[tuple[str, str]] = []
        """Method and path of every request, in order."""
        self.bodies: list[bytes] = []
        """What came with each of them."""
        self._ahead: deque[Refusal | Lost] = deque()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"wire": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}{self.service.path}"

    def lose_request(self) -> None:
        self._ahead.append(Lost.REQUEST)

    def lose_answer(self) -> None:
        self._ahead.append(Lost.ANSWER)

    def refuse(self, code: int, body: str = "{}", **headers: str) -> None:
        """A header's name is written with `_` for `-`: `Retry_After="30"`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._ahead.append(Refusal(code=code, body=body, headers=named))

    def next(self) -> Refusal | Lost | None:
        return self._ahead.popleft() if self._ahead else None

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@contextlib.contextmanager
def to(service: str) -> Iterator[Wire]:
    """For as long as a test wants it."""
    wire = Wire(service)
    try:
        yield wire
    finally:
        wire.close()


class _Handler(BaseHTTPRequestHandler):
    wire: Wire

    def handle_one_request(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()

    def __getattr__(self, name: str) -> object:
        if name.startswith("do_"):
            return self._handle
        raise AttributeError(name)

    def _handle(self) -> None:
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.wire.sent.append((self.command, self.path))
        self.wire.bodies.append(body)
        match self.wire.next():
            case Lost.REQUEST:
                return
            case Lost.ANSWER:
                self._passed_on(body)
            case Refusal() as refusal:
                self._answer(refusal.code, refusal.headers, refusal.body.encode())
            case None:
                answer, content = self._passed_on(body)
                self._answer(answer.status, dict(answer.getheaders()), content)

    def _passed_on(self, body: bytes) -> tuple[HTTPResponse, bytes]:
        there = self.wire.service
        assert there.hostname is not None
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        with contextlib.closing(HTTPConnection(there.hostname, there.port, timeout=30)) as out:
            out.request(self.command, self.path, body or None, headers)
            answer = out.getresponse()
            return answer, answer.read()

    def _answer(self, code: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(code)
        for name, value in headers.items():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Said by `sent`."""
