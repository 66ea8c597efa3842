"""The door of `/mcp`: who calls is looked at here; the server behind it is made when somebody first may come in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.domain.token import Token, TokenScope
from bot.engine.tokens import Tokens, Unknown
from bot.web import problems
from bot.web.buckets import Buckets
from bot.web.guard import Guard
from bot.web.mcp.caller import enter

if TYPE_CHECKING:
    from bot.web.mcp.hosted import Hosted

PATH: Final = "/mcp"
METADATA: Final = "/.well-known/oauth-protected-resource"

Host = Callable[[], "Hosted"]
"""Makes the server; it takes a moment, and half a second the first time."""


def door(tokens: Tokens, buckets: Buckets, host: Host, *, public_url: str = "") -> ASGIApp:
    """`public_url` is where programs reach us; "" where that is the address that they ask at."""
    inside = _Door(tokens, buckets, host, public_url.rstrip("/"))
    described = [Route(path, inside.described, methods=["GET"]) for path in (f"{METADATA}{PATH}", METADATA)]
    return Guard(Starlette(routes=[Route(PATH, inside), *described]), public_url=public_url)


class _Door:
    def __init__(self, tokens: Tokens, buckets: Buckets, host: Host, public_url: str) -> None:
        self._tokens = tokens
        self._buckets = buckets
        self._host = host
        self._public_url = public_url
        self._hosted: Hosted | None = None
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind, _, secret = Headers(scope=scope).get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            await self._refused(scope, problems.missing().response())(scope, receive, send)
            return
        try:
            token = await to_thread.run_sync(self._tokens.known, secret.strip())
        except Unknown as unknown:
            await self._refused(scope, problems.of_error(unknown).response())(scope, receive, send)
            return
        wait, said = self._buckets.take(token.id)
        scope["state"]["said"] += [(name.encode(), value.encode()) for name, value in said.items()]
        if wait:
            await problems.too_many(wait).response()(scope, receive, send)
            return
        await self._let_in(token, scope, receive, send)

    async def described(self, request: Request) -> Response:
        """RFC 9728, without an authorization server: tokens are made in Slack, or by `cowork tokens create`."""
        return JSONResponse(
            {
                "resource": f"{self._url(request.scope)}{PATH}",
                "resource_name": "Cowork",
                "scopes_supported": sorted(TokenScope),
                "bearer_methods_supported": ["header"],
            }
        )

    async def _let_in(self, token: Token, scope: Scope, receive: Receive, send: Send) -> None:
        enter(token)
        async with self._making:
            if self._hosted is None:
                self._hosted = await to_thread.run_sync(self._host)
                await self._hosted.start()
        await self._hosted(scope, receive, send, token)

    def _refused(self, scope: Scope, answer: Response) -> Response:
        where = f'resource_metadata="{self._url(scope)}{METADATA}{PATH}"'
        answer.headers["www-authenticate"] = f"{answer.headers['www-authenticate']}, {where}"
        return answer

    def _url(self, scope: Scope) -> str:
        return self._public_url or str(Request(scope).base_url).rstrip("/")
