"""Two counterparts at one address: what one of them lacks, the other answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx2


@contextmanager
def joined(url: str, others: Mapping[str, str]) -> Iterator[str]:
    """Requests whose paths begin with a key of `others` go there, all else to `url`, whose path is kept."""
    base = urlsplit(url)
    client = httpx2.Client(timeout=60, verify=False)

    class Handler(BaseHTTPRequestHandler):
        def pass_on(self) -> None:
            to = next((there for path, there in others.items() if self.path.startswith(path)), "")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kept = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            there = f"{to or f'{base.scheme}://{base.netloc}'}{self.path}"
            answer = client.request(self.command, there, content=body, headers=kept)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("content-type", "text/plain"))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = pass_on

        def log_message(self, *_: object) -> None:
            pass

    with client, ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}{base.path}"
        server.shutdown()
        thread.join()
