"""Opening a client of a server: by the first way that works, with all that watches over it in between."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import httpx2
import mcp_types
from mcp import Client, MCPError
from mcp.client._transport import TransportStreams
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS

from bot.connectors import guarded
from bot.connectors.given import Given
from bot.connectors.guarded import MOST_BYTES, Guard, Inside
from bot.connectors.noticed import Noticed
from bot.connectors.owner import innermost
from bot.connectors.sandbox import Sandbox
from bot.connectors.stdio import stdio
from bot.connectors.streams import watched
from bot.connectors.way import Try, Way
from bot.domain.connector import Era, Transport

_QUIET_SECONDS: Final = 600.0
_CONNECT_SECONDS: Final = 30.0
_PING_SECONDS: Final = 1.0
_TAKEN_OVER_SECONDS: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What one start has: what the server is given, who notes what it does, and how far a request may go."""

    given: Given
    noticed: Noticed
    sandbox: Sandbox
    inside: Inside
    auth: httpx2.Auth | None = None


@contextlib.asynccontextmanager
async def opened(
    reach: Reach, callbacks: Mapping[str, Any], way: Way, gone: Callable[[], None]
) -> AsyncIterator[Client]:
    """`gone` is called once the other side is; `callbacks` are keywords of the client."""
    reach.noticed.began(reach.given.veil)
    roots = _Roots(callbacks)
    async with contextlib.AsyncExitStack() as stack:
        *tries, one = way.tries(reach.given.connector.transport)
        client = None
        for each in tries:
            try:
                client, one = (
                    await stack.enter_async_context(_client(each, reach, roots.callbacks, gone)),
                    each,
                )
                break
            except Exception as error:
                if not isinstance(innermost(error), MCPError):  # what a server does not speak it refuses
                    raise
        if client is None:
            client = await stack.enter_async_context(_client(one, reach, roots.callbacks, gone))
        way.transport = one.transport
        way.era = Era.HANDSHAKE if client.protocol_version in HANDSHAKE_PROTOCOL_VERSIONS else Era.STATELESS
        if way.era is Era.HANDSHAKE and reach.given.connector.folders:
            await _heard_of_its_folders(client, roots.asked)
        yield client


async def _heard_of_its_folders(client: Client, asked: asyncio.Event) -> None:
    """A server of the older protocol asks for its roots when it hears that we are there, and until it has taken them
    over it would refuse every call. It never says that it has.
    """
    with contextlib.suppress(MCPError, TimeoutError):
        async with asyncio.timeout(_PING_SECONDS):  # there are servers that do not answer one
            await client.session.send_request(mcp_types.PingRequest(), mcp_types.EmptyResult)
    if asked.is_set():
        await asyncio.sleep(_TAKEN_OVER_SECONDS)


class _Roots:
    """Notes that a server asked for them."""

    def __init__(self, callbacks: Mapping[str, Any]) -> None:
        self._told = callbacks.get("list_roots_callback")
        self.asked = asyncio.Event()
        self.callbacks = {**callbacks, "list_roots_callback": self._tell} if self._told else callbacks

    async def _tell(self, context: Any) -> Any:
        assert self._told is not None
        self.asked.set()
        return await self._told(context)


@contextlib.asynccontextmanager
async def _client(
    one: Try, reach: Reach, callbacks: Mapping[str, Any], gone: Callable[[], None]
) -> AsyncIterator[Client]:
    end = _End(gone)
    async with Client(
        watched(_streams(one.transport, reach), end.come, reach.noticed.spoilt),
        mode="legacy" if one.era is Era.HANDSHAKE else "auto",
        client_info=mcp_types.Implementation(name="cowork", title="Cowork", version=version("cowork")),
        **callbacks,
    ) as client:
        end.matters()
        yield client


class _End:
    """The end of a stream that was only tried is not the loss of the connection."""

    def __init__(self, gone: Callable[[], None]) -> None:
        self._gone = gone
        self._has_come = self._matters = False

    def come(self) -> None:
        self._has_come = True
        if self._matters:
            self._gone()

    def matters(self) -> None:
        self._matters = True
        if self._has_come:
            self._gone()


def _streams(transport: Transport, reach: Reach) -> contextlib.AbstractAsyncContextManager[Any]:
    connector = reach.given.connector
    if transport is Transport.STDIO:
        launch = reach.sandbox.launch(connector, reach.given.environment)
        return stdio(launch, reach.noticed, reach.sandbox.tied)
    if transport is Transport.SSE:
        return sse_client(
            connector.url,
            timeout=_CONNECT_SECONDS,
            sse_read_timeout=_QUIET_SECONDS,
            httpx_client_factory=lambda headers=None, timeout=None, auth=None: _http(reach),
        )
    return _streamable(reach)


@contextlib.asynccontextmanager
async def _streamable(reach: Reach) -> AsyncIterator[TransportStreams]:
    async with (
        _http(reach) as client,
        streamable_http_client(
            reach.given.connector.url, http_client=client, max_sse_event_size=MOST_BYTES
        ) as streams,
    ):
        yield streams


def _http(reach: Reach) -> httpx2.AsyncClient:
    noticed = reach.noticed

    async def note(response: httpx2.Response) -> None:
        if response.request.method == "POST" and response.status_code >= 400:
            noticed.status = response.status_code

    return httpx2.AsyncClient(
        transport=Guard(
            guarded.reach(reach.given.connector, reach.inside), streams=reach.given.connector.url
        ),
        headers=reach.given.headers,
        auth=reach.auth,
        timeout=httpx2.Timeout(_CONNECT_SECONDS, read=_QUIET_SECONDS),
        event_hooks={"response": [note]},
    )
