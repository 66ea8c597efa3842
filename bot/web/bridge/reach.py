"""HTTP to Cowork for the SDK's transport, which every answer suits: no fault of the network ends it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable

import anyio
import httpx2

from bot.web.bridge import refusals
from bot.web.bridge.session import Session

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 15.0
_FAREWELL = 2.0
_STREAM = "text/event-stream"


class Reach(httpx2.AsyncBaseTransport):
    """`tell` gets the words of whatever is refused."""

    def __init__(self, http: httpx2.AsyncClient, url: str, tell: Callable[[str], None]) -> None:
        self._http = http
        self._url = url
        self._tell = tell
        self._session = Session(self._sent)
        self._has_listened = False

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        match request.method:
            case "GET":
                return await self._listening(request)
            case "DELETE":
                with anyio.fail_after(_FAREWELL):
                    return await self._session.sent(request)
        return await self._answered(request)

    async def _answered(self, request: httpx2.Request) -> httpx2.Response:
        try:
            response = await self._session.sent(request)
            if _is_stream(response):
                return _to_its_end(response)
            answer = refusals.of_answer(response, await response.aread(), self._url)
        except httpx2.TransportError as error:
            answer = refusals.of_silence(error, self._url)
        if words := refusals.said_in(answer):
            self._tell(words)
        return answer

    async def _listening(self, request: httpx2.Request) -> httpx2.Response:
        """What nobody asked for comes on a stream of its own, opened again when Cowork is back.

        What happened meanwhile was not heard: of whatever is listened to it is said that it may have changed.
        """
        pause = _FIRST_PAUSE
        while True:
            try:
                response = await self._session.sent(request)
                missed = self._session.listens if self._has_listened else []
                self._has_listened = self._has_listened or response.is_success
                return _to_its_end(response, b"".join(map(_changed, missed)))
            except httpx2.TransportError:
                await anyio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _sent(self, request: httpx2.Request) -> httpx2.Response:
        return await self._http.send(request, stream=True)


class _Told(httpx2.AsyncByteStream):
    def __init__(self, response: httpx2.Response, first: bytes) -> None:
        self._response = response
        self._first = first

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """One that breaks ends: whoever reads it knows whether its answer had come."""
        if self._first:
            yield self._first
        try:
            async for piece in self._response.aiter_raw():
                yield piece
        except httpx2.TransportError:
            return

    async def aclose(self) -> None:
        await self._response.aclose()


def _to_its_end(response: httpx2.Response, first: bytes = b"") -> httpx2.Response:
    return httpx2.Response(response.status_code, headers=response.headers, stream=_Told(response, first))


def _changed(uri: str) -> bytes:
    told = {"jsonrpc": "2.0", "method": "notifications/resources/updated", "params": {"uri": uri}}
    return f"event: message\r\ndata: {json.dumps(told)}\r\n\r\n".encode()


def _is_stream(response: httpx2.Response) -> bool:
    return response.is_success and response.headers.get("content-type", "").lower().startswith(_STREAM)
