"""The service that the plugin speaks to: a real server with books, which can be told to fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Library:
    """`refusing` is the status it answers everything with, 0 for none; `asked` is every request that came."""

    url: str = ""
    books: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    refusing: int = 0

    def put(self, shelf: str, title: str, **more: Any) -> dict[str, Any]:
        book = {
            "id": f"b{len(self.books) + 1}",
            "shelf": shelf,
            "title": title,
            "body": "",
            "effect": "",
        } | more
        self.books.append(book)
        return book

    def answer(self, method: str, path: str, content: dict[str, Any]) -> Any:
        match (method, path.strip("/").split("/")):
            case ("GET", ["books"]):
                return self.books
            case ("GET", ["books", book]):
                return next((one for one in self.books if one["id"] == book), None)
            case ("POST", ["books"]):
                return self.put(**content)
            case ("DELETE", ["books", book]):
                self.books = [one for one in self.books if one["id"] != book]
                return {}
            case ("POST", ["sent"]):
                self.sent.append(content)
                return {}
            case ("GET", ["me"]):
                return {"name": "Ana"}
        return None


@contextmanager
def library() -> Iterator[Library]:
    open_library = Library()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or "{}")
            open_library.asked.append((self.command, self.path))
            answer = (
                open_library.answer(self.command, self.path, content) if not open_library.refusing else None
            )
            self.send_response(open_library.refusing or (404 if answer is None else 200))
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_GET = do_POST = do_DELETE = _serve

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    open_library.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield open_library
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
