"""The MCP server as it runs: its sessions live in one task of their own, from the first caller to the loop's end."""

from __future__ import annotations

import asyncio
import logging

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser, AuthorizationContext
from mcp.server.auth.provider import AccessToken
from mcp.server.streamable_http import StreamableHTTPServerTransport
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from bot.domain.token import Token
from bot.web.mcp.ringing import Ringing
from bot.web.mcp.server import TaskServer
from bot.web.mcp.watching import Watching

_MOST_BYTES = 1 << 20
_MOST_SESSIONS = 500
_MOST_OF_ONE = 20
_REST = 1.0

logger = logging.getLogger(__name__)


class _Sessions(StreamableHTTPSessionManager):
    """A token with its share of sessions begins another in place of its oldest: such programs rarely say goodbye."""

    def _admit_session(self, requestor: AuthorizationContext | None) -> StreamableHTTPServerTransport | None:
        theirs = [name for name, owner in self._session_owners.items() if owner == requestor]
        for name in theirs[: len(theirs) - _MOST_OF_ONE + 1]:
            if (scope := self._server_instances[name].idle_scope) is not None:
                scope.cancel()
        return super()._admit_session(requestor)


class Hosted:
    """The door has looked at Host, Origin and the token; a session belongs to the token that began it."""

    def __init__(self, server: TaskServer, ringing: Ringing, watching: Watching) -> None:
        self._ringing = ringing
        self._watching = watching
        self._manager = _Sessions(server.wire, max_request_body_size=_MOST_BYTES, max_sessions=_MOST_SESSIONS)
        self._is_up = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when requests can be answered. The one task that enters what it will leave."""
        self._running = asyncio.create_task(self._run(), name="mcp")
        await self._is_up.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send, token: Token) -> None:
        known = AccessToken(
            token="",
            client_id=token.id,
            scopes=sorted(token.scopes),
            subject=f"{token.person.user}@{token.person.team}",
        )
        await self._manager.handle_request({**scope, "user": AuthenticatedUser(known)}, receive, send)

    async def _run(self) -> None:
        async with self._manager.run():
            self._ringing.start()
            self._is_up.set()
            try:
                while True:
                    try:
                        await self._watching.run()
                    except Exception:
                        logger.exception("the subscriptions of /mcp are looked at anew")
                        await asyncio.sleep(_REST)
            finally:
                self._ringing.stop()
