"""A server that does what no specification says: hangs up, sends elsewhere, never ends, or has no published words."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Odd:
    """`answers` by path, the last for all others (""): a status, headers and a body; None hangs up."""

    url: str
    answers: dict[str, tuple[int, dict[str, str], Any] | None] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    def says(self, body: Any, *, path: str = "", code: int = 200, **headers: str) -> None:
        self.answers[path] = (code, headers, body)

    def hangs_up(self) -> None:
        self.answers[""] = None


@contextmanager
def served() -> Iterator[Odd]:
    """One that is there as long as the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    odd = Odd(url=f"http://127.0.0.1:{server.server_address[1]}")
    server.odd = odd  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield odd
    server.shutdown()
    server.server_close()
    thread.join()


class _Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        odd: Odd = self.server.odd  # type: ignore[attr-defined]
        path = self.path.partition("?")[0]
        odd.sent.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        odd.heard.append(f"{self.command} {self.path}")
        odd.signed.append(self.headers.get("Authorization", ""))
        given = odd.answers.get(path, odd.answers.get(""))
        if given is None:
            self.connection.close()
            return
        code, headers, body = given
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_PROPFIND = answer

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""
