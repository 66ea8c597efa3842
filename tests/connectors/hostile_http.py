"""A remote server that does wrong, by the name in its address: `/NAME`. It speaks the older protocol, from a thread."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

TOOL = {"name": "work", "description": "Works.", "inputSchema": {"type": "object"}}
FOUND = {
    "protocolVersion": "2025-11-25",
    "capabilities": {"tools": {}},
    "serverInfo": {"name": "h", "version": "1"},
}
SAID = {"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "x" * 1000}}
CHATTER = f"event: message\ndata: {json.dumps(SAID)}\n\n".encode() * 50


class Hostile(http.server.ThreadingHTTPServer):
    """`heard` are the methods and paths of all that came; `elsewhere` is where `/redirect` sends to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[str] = []
        self.elsewhere = ""
        self.posted: SimpleQueue[Mapping[str, Any]] = SimpleQueue()
        self.asked = threading.Event()
        self.freed = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def hostile() -> Iterator[Hostile]:
    server = Hostile()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.freed.set()
    server.shutdown()
    server.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Hostile

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.heard.append(f"{asked['method']} {self.path}")
        if self.path.startswith("/sse"):
            self._sent(202)
            self.server.posted.put(asked)
        elif self.path == "/redirect":
            self._sent(307, location=self.server.elsewhere)
        elif asked["method"] == "initialize":
            self._result(asked, FOUND, **{"mcp-session-id": "s1"})
        elif "id" not in asked:
            self._sent(202)
        elif asked["method"] == "tools/list":
            self._result(asked, {"tools": [TOOL]})
        elif asked["method"] == "tools/call":
            getattr(self, self.path[1:])(asked)
        else:
            self._sent(404)

    def do_GET(self) -> None:
        self.server.heard.append(f"GET {self.path}")
        if self.path.startswith("/sse"):
            with contextlib.suppress(OSError):
                self._stream()
        elif self.path == "/endpoint":
            self._sent(
                200, f"event: endpoint\ndata: {self.server.elsewhere}\n\n".encode(), "text/event-stream"
            )
        else:
            self._sent(405)

    def do_DELETE(self) -> None:
        self._sent(200)

    def json(self, asked: Mapping[str, Any]) -> None:
        """20 MB as one answer, or as many as the call says."""
        self._result(asked, _text(asked["params"]["arguments"].get("size", 20 << 20)))

    def events(self, asked: Mapping[str, Any]) -> None:
        """As many bytes in one event as the call says."""
        message = {"jsonrpc": "2.0", "id": asked["id"], "result": _text(asked["params"]["arguments"]["size"])}
        self._sent(200, f"event: message\ndata: {json.dumps(message)}\n\n".encode(), "text/event-stream")

    def endless(self, asked: Mapping[str, Any]) -> None:
        """One event that never ends."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(b"data: " + b"x" * (1 << 20) + b"\n")

    def chatter(self, asked: Mapping[str, Any]) -> None:
        """Events as they should be, without end."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(CHATTER)

    def silent(self, asked: Mapping[str, Any]) -> None:
        self.server.asked.set()
        self.server.freed.wait(60)

    def dropped(self, asked: Mapping[str, Any]) -> None:
        """The connection ends before any answer."""
        self.connection.close()

    def forgotten(self, asked: Mapping[str, Any]) -> None:
        self._sent(404)

    def refused(self, asked: Mapping[str, Any]) -> None:
        self._sent(asked["params"]["arguments"]["status"])

    def _stream(self) -> None:
        """The older way: what is posted is answered here; a call at `/sse_endless` and `/sse_chatter` without end."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        self.wfile.write(f"event: endpoint\ndata: {self.path}\n\n".encode())
        found = {"initialize": FOUND, "tools/list": {"tools": [TOOL]}}
        while not self.server.freed.is_set():
            asked = self.server.posted.get()
            while asked["method"] == "tools/call":
                self.wfile.write(
                    CHATTER if self.path == "/sse_chatter" else b"data: " + b"x" * (1 << 20) + b"\n"
                )
            if "id" in asked:
                said = {"jsonrpc": "2.0", "id": asked["id"], "result": found.get(asked["method"], {})}
                self.wfile.write(f"event: message\ndata: {json.dumps(said)}\n\n".encode())

    def _result(self, asked: Mapping[str, Any], result: Mapping[str, Any], **headers: str) -> None:
        body = json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}).encode()
        self._sent(200, body, **headers)

    def _sent(self, status: int, body: bytes = b"", kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):  # it was let go
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _text(size: int) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": "x" * size}]}
