"""A service that answers everything in one bad way: how a plugin takes it is seen from what it raises."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`status` 0 drops the connection after the request was read."""

    name: str
    status: int
    body: bytes = b'{"message": "No.", "error": "no", "errors": [{"message": "No."}]}'
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


ANSWERS = (
    Answer(name="401", status=401),
    Answer(name="403", status=403),
    Answer(name="404", status=404),
    Answer(name="409", status=409),
    Answer(name="429", status=429, headers={"retry-after": "30", "content-type": "application/json"}),
    Answer(name="500", status=500),
    Answer(name="a page of HTML", status=502, body=b"<html>Bad gateway</html>", headers={}),
    Answer(name="a dropped connection", status=0),
)


@contextmanager
def refusing(answer: Answer) -> Iterator[str]:
    """The address of a server on loopback that gives this answer to every request."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            if answer.status == 0:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _answer
        do_PROPFIND = do_REPORT = do_MKCALENDAR = _answer

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
