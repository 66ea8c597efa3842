"""The model double: the Messages API on a loopback port, answered by a mind.

It checks every request as strictly as the real API does, and remembers what it was sent.
"""

from __future__ import annotations

import itertools
import json
import time
import uuid
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from bot.rehearsal import catalogue, prompt, stream
from bot.rehearsal.answer import Mind
from bot.rehearsal.delivery import Delivery, Header
from bot.rehearsal.desk import Desk
from bot.rehearsal.faults import Fault, Faults
from bot.rehearsal.loopback import Loopback
from bot.rehearsal.refusal import Refusal, invalid, not_found
from bot.rehearsal.rules.limits import BODY_BYTES
from bot.rehearsal.structured import is_structured, nothing_found

JSON, EVENTS = b"application/json", b"text/event-stream; charset=utf-8"


class ModelDouble:
    """A server that speaks the Messages API; use it as a context manager, or `start` and `stop` it.

    `strict=False` checks nothing, signs nothing and simulates no cache: the fast path for benchmarks.
    `delay` is the time in seconds each answer takes. `record=False` keeps no requests. `now` is the clock of
    the prompt cache, in seconds. The mind runs on the server's own thread and must not wait for anything:
    a fault with a gate does that. `structured` answers the questions whose answer is held to a JSON schema: they are
    kept in `asides`, and no fault meets them.
    """

    def __init__(
        self,
        mind: Mind,
        *,
        faults: Faults | None = None,
        strict: bool = True,
        delay: float = 0.0,
        record: bool = True,
        now: Callable[[], float] = time.monotonic,
        structured: Mind = nothing_found,
    ) -> None:
        self.url = ""
        self.asides: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[dict[str, Any]] = []
        self.invalid: list[str] = []
        self.faults = faults or Faults()
        self.delay = delay
        self._record = record
        self._desk = Desk(mind, strict=strict, now=now, structured=structured)
        self._calls = itertools.count(1)
        self._server: Loopback | None = None

    def start(self, port: int = 0) -> str:
        """Serve; returns the base URL, without `/v1`."""
        self._server = Loopback(self._app(), port)
        self.url = f"http://127.0.0.1:{self._server.port}"
        return self.url

    def stop(self) -> None:
        """Break every connection and stop; whatever waits at a gate is gone."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/messages", self._messages, methods=["POST"]),
                Route("/v1/messages/count_tokens", self._count_tokens, methods=["POST"]),
                Route("/v1/models", self._models),
                Route("/v1/models/{id}", self._model),
                Route("/{anything:path}", self._nothing, methods=["GET", "POST", "PUT", "DELETE"]),
            ]
        )

    async def _messages(self, request: Request) -> Delivery:
        headers = dict(request.headers)
        body = _parsed(await request.body())
        if not isinstance(body, Refusal) and is_structured(body):
            return self._aside(body, headers)
        fault = self.faults.of_call(next(self._calls))
        if isinstance(body, Refusal):
            return self._refused(body)
        if self._record:
            self.requests.append(body)
            self.headers.append(headers)
        if fault is not None and fault.refusal is not None and fault.ending is None:
            return _refused(fault.refusal)
        return self._answered(body, headers, fault)

    def _aside(self, body: dict[str, Any], headers: Mapping[str, str]) -> Delivery:
        """A single question, which is no turn of a conversation: it is not counted among those."""
        if self._record:
            self.asides.append(body)
        return self._answered(body, headers, None, is_aside=True)

    def _answered(
        self, body: dict[str, Any], headers: Mapping[str, str], fault: Fault | None, *, is_aside: bool = False
    ) -> Delivery:
        reply = self._desk.reply(body, headers)
        if isinstance(reply, Refusal):
            return self._refused(reply)
        message = reply.message
        if fault is not None and fault.change is not None:
            message = fault.change(message)
        if self._record and not is_aside:
            self.answers.append(message)
        streamed = body.get("stream") is True
        request_id = _request_id()
        return Delivery(
            status=200,
            headers=_headers(EVENTS if streamed else JSON, request_id),
            parts=stream.events(message) if streamed else [prompt.dumped(message).encode()],
            request_id=request_id,
            fault=fault,
            delay=self.delay,
            begun=lambda: self._desk.begin(reply),
        )

    async def _count_tokens(self, request: Request) -> Delivery:
        body = _parsed(await request.body())
        counted = body if isinstance(body, Refusal) else self._desk.count(body, dict(request.headers))
        return self._refused(counted) if isinstance(counted, Refusal) else _said({"input_tokens": counted})

    async def _models(self, request: Request) -> Delivery:
        models = [model.info() for model in catalogue.known().values()]
        ends = {"first_id": models[0]["id"], "last_id": models[-1]["id"], "has_more": False}
        return _said({"data": models, **ends})

    async def _model(self, request: Request) -> Delivery:
        model = catalogue.known().get(request.path_params["id"])
        if model is None:
            return _refused(not_found(f"model: {request.path_params['id']}"))
        return _said(model.info())

    async def _nothing(self, request: Request) -> Delivery:
        return _refused(not_found("Not Found"))

    def _refused(self, refusal: Refusal) -> Delivery:
        self.invalid.append(refusal.message)
        return _refused(refusal)


def _parsed(raw: bytes) -> dict[str, Any] | Refusal:
    if len(raw) > BODY_BYTES:
        return Refusal(status=413, type="request_too_large", message="Request exceeds the maximum size")
    try:
        body = json.loads(raw)
    except ValueError as error:
        return invalid(f"The request body is not valid JSON: {error}")
    return body if isinstance(body, dict) else invalid("Input should be a valid dictionary")


def _said(body: dict[str, Any]) -> Delivery:
    return Delivery(status=200, headers=_headers(JSON, _request_id()), parts=[prompt.dumped(body).encode()])


def _refused(refusal: Refusal) -> Delivery:
    request_id = _request_id()
    extra = [(name.encode(), value.encode()) for name, value in refusal.headers.items()]
    return Delivery(
        status=refusal.status,
        headers=[*_headers(JSON, request_id), *extra],
        parts=[prompt.dumped(refusal.body(request_id)).encode()],
    )


def _headers(kind: bytes, request_id: str) -> list[Header]:
    return [(b"content-type", kind), (b"request-id", request_id.encode())]


def _request_id() -> str:
    return f"req_{uuid.uuid4().hex[:24]}"
