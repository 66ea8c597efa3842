"""A session of the handshake era that goes on: when Cowork forgot it, it is begun anew."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

import anyio
import httpx2

ID: Final = "mcp-session-id"
_SUBSCRIBES: Final = "resources/subscribe"
_ENDS: Final = "resources/unsubscribe"
_INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}

Send = Callable[[httpx2.Request], Awaitable[httpx2.Response]]


class Session:
    """What began it and what is listened to is kept, to begin it anew; requests that it was unknown for go again.

    That repeats nothing: with a session that it does not know, Cowork does nothing.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._began: httpx2.Request | None = None
        self._id = ""
        self._listens: dict[str, httpx2.Request] = {}
        self._renewing = anyio.Lock()

    async def sent(self, request: httpx2.Request) -> httpx2.Response:
        said = _said_in(request)
        if said.get("method") == "initialize":
            self._began, self._listens = request, {}
            response = await self._send(request)
            self._id = response.headers.get(ID, "")
            return response
        if ID not in request.headers:
            return await self._send(request)
        response = await self._sent_within(request)
        if response.is_success:
            self._note(said, request)
        return response

    @property
    def listens(self) -> list[str]:
        """The addresses of what is listened to."""
        return list(self._listens)

    async def _sent_within(self, request: httpx2.Request) -> httpx2.Response:
        used = request.headers[ID] = self._id
        response = await self._send(request)
        if response.status_code != 404 or request.method == "DELETE":
            return response
        async with self._renewing:
            if used == self._id and not await self._is_renewed(request.headers):
                return response
        await response.aclose()
        request.headers[ID] = self._id
        return await self._send(request)

    async def _is_renewed(self, headers: httpx2.Headers) -> bool:
        assert self._began is not None
        begun = await self._send(self._began)
        await begun.aread()
        if not begun.is_success or ID not in begun.headers:
            return False
        self._id = begun.headers[ID]
        told = httpx2.Request("POST", self._began.url, headers=_fresh(headers), json=_INITIALIZED)
        for request in (told, *self._listens.values()):
            request.headers[ID] = self._id
            request.extensions = self._began.extensions
            await (await self._send(request)).aread()
        return True

    def _note(self, said: dict[str, Any], request: httpx2.Request) -> None:
        uri = str((said.get("params") or {}).get("uri", ""))
        if said.get("method") == _SUBSCRIBES:
            self._listens[uri] = request
        elif said.get("method") == _ENDS:
            self._listens.pop(uri, None)


def _said_in(request: httpx2.Request) -> dict[str, Any]:
    return dict(json.loads(request.content)) if request.content else {}


def _fresh(headers: httpx2.Headers) -> dict[str, str]:
    """Those of a request, for another that has a body of its own."""
    return {name: value for name, value in headers.items() if name not in ("content-length", "content-type")}
