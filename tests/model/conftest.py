"""A raw server that says exactly what a test tells it to, byte by byte: for what a well-behaved double cannot do."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.model.claude import Claude, Prefix

Reply = Callable[["Line"], None]
OPUS = "claude-opus-5-5"
PRICE_FREE = {"input_tokens": 10, "output_tokens": 5}


class Line(BaseHTTPRequestHandler):
    """One request being answered. `desk` is the service it came to."""

    protocol_version = "HTTP/1.1"
    desk: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.desk.requests.append(json.loads(body))
        self.desk.raw.append(body)
        self.desk.headers.append(dict(self.headers.items()))
        self.desk.arrived.release()
        with self.desk.lock:
            reply = self.desk.replies.pop(0)
        reply(self)

    def do_GET(self) -> None:
        self.desk.looked_up.append(self.path)
        self.desk.models(self)

    def json(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, said in {
            "content-type": "application/json",
            "request-id": "req_1",
            **(headers or {}),
        }.items():
            self.send_header(name, said)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("request-id", "req_1")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def event(self, event: dict[str, Any]) -> None:
        said = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
        self.wfile.write(f"{len(said):x}\r\n".encode() + said + b"\r\n")
        self.wfile.flush()

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def reset(self) -> None:
        """Drop the line as a crash does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Service:
    """What came in, and what is said back: one reply per call of the model, `models` to every question about them."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.requests: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.looked_up: list[str] = []
        self.arrived = threading.Semaphore(0)
        self.lock = threading.Lock()
        self.models: Reply = lambda line: line.json(200, model_info())
        line = type("DeskLine", (Line,), {"desk": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), line)
        self._server.handle_error = lambda request, client_address: None
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def says(self, *replies: Reply) -> None:
        self.replies += replies

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Says:
    """Replies, ready made."""

    def whole(self, *content: dict[str, Any], stop: str | None = "end_turn", **message: Any) -> Reply:
        return self.events(*answer(*content, stop=stop, **message))

    def events(self, *events: dict[str, Any], ends: Reply = Line.end) -> Reply:
        def reply(line: Line) -> None:
            line.begin()
            for event in events:
                line.event(event)
            ends(line)

        return reply

    def part(self, events: int, *content: dict[str, Any], ends: Reply = Line.end) -> Reply:
        """The first events of a whole answer, and then the given end."""
        return self.events(*answer(*content)[:events], ends=ends)

    def reset(self, line: Line) -> None:
        """An end: the line drops as in a crash."""
        line.reset()

    def refusal(
        self,
        status: int,
        kind: str,
        message: str = "no",
        *,
        headers: dict[str, str] | None = None,
        code: str | None = None,
    ) -> Reply:
        details = {"details": {"error_code": code}} if code else {}
        error = {"type": kind, "message": message, **details}
        said = {"type": "error", "error": error, "request_id": "req_1"}
        return lambda line: line.json(status, said, headers)


def model_info(**fields: Any) -> dict[str, Any]:
    yes, no = {"supported": True}, {"supported": False}
    kinds = {"adaptive": yes, "enabled": no, "disabled": no, "between_tools": no}
    return {
        "id": OPUS,
        "type": "model",
        "display_name": "Claude Opus 5.5",
        "lifecycle": "active",
        "max_input_tokens": 1_000_000,
        "max_tokens": 128_000,
        "capabilities": {"thinking": {"supported": True, "types": kinds}, "effort": yes},
        **fields,
    }


def text(said: str) -> dict[str, Any]:
    return {"type": "text", "text": said}


def answer(*content: dict[str, Any], stop: str | None = "end_turn", **message: Any) -> list[dict[str, Any]]:
    """The events of a whole answer; a text is one delta, a tool input three."""
    usage = message.pop("usage", PRICE_FREE)
    details = message.pop("stop_details", None)
    start = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": OPUS,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
        **message,
    }
    ending = {"stop_reason": stop, "stop_sequence": None, "stop_details": details}
    return [
        {"type": "message_start", "message": start},
        *(event for index, block in enumerate(content) for event in block_events(index, block)),
        {"type": "message_delta", "delta": ending, "usage": {"output_tokens": usage["output_tokens"]}},
        {"type": "message_stop"},
    ]


def block_events(index: int, block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    def delta(kind: str, name: str, part: str) -> dict[str, Any]:
        return {"type": "content_block_delta", "index": index, "delta": {"type": kind, name: part}}

    def start(**empty: Any) -> dict[str, Any]:
        return {"type": "content_block_start", "index": index, "content_block": {**block, **empty}}

    match block["type"]:
        case "text":
            yield from (start(text=""), delta("text_delta", "text", block["text"]))
        case "thinking":
            yield start(thinking="", signature="")
            yield delta("thinking_delta", "thinking", block["thinking"])
            yield delta("signature_delta", "signature", block["signature"])
        case "tool_use":
            given = block["input"] if isinstance(block["input"], str) else json.dumps(block["input"])
            third = max(1, len(given) // 3)
            yield start(input={})
            for part in (given[:third], given[third : 2 * third], given[2 * third :]):
                yield delta("input_json_delta", "partial_json", part)
        case _:
            yield start()
    yield {"type": "content_block_stop", "index": index}


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.close()


@pytest.fixture
def says() -> Says:
    return Says()


@pytest.fixture
def claude_at() -> Iterator[Callable[..., Claude]]:
    """A client of the given service."""
    made: list[Claude] = []

    def at(service: Service, **given: Any) -> Claude:
        made.append(Claude(**{"api_key": "key", "base_url": service.url, "model": OPUS, **given}))
        return made[-1]

    yield at
    for claude in made:
        claude.close()


@pytest.fixture
def prefix() -> Prefix:
    tool = {"name": "read_file", "description": "Read.", "input_schema": {"type": "object", "properties": {}}}
    return Prefix(model=OPUS, system="You are a colleague.", tools=(tool,))


@pytest.fixture
def goal() -> list[dict[str, Any]]:
    """A conversation with nothing but a goal in it."""
    return [{"role": "user", "content": [text("Count the files.")]}]
