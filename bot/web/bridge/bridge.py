"""A program that speaks MCP on its standard streams, and Cowork's `/mcp`: each hears the other word for word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

import anyio
import httpx2
from mcp.client.streamable_http import streamable_http_client
from mcp.server.stdio import stdio_server
from mcp.shared._stream_protocols import ReadStream, WriteStream
from mcp.shared.inbound import (
    MCP_METHOD_HEADER,
    MCP_NAME_HEADER,
    MCP_PROTOCOL_VERSION_HEADER,
    NAME_BEARING_METHODS,
    encode_header_value,
)
from mcp.shared.message import ClientMessageMetadata, SessionMessage
from mcp_types import (
    PROTOCOL_VERSION_META_KEY,
    ErrorData,
    JSONRPCError,
    JSONRPCNotification,
    JSONRPCRequest,
    JSONRPCResponse,
    RequestId,
)

from bot.sdk.trust import trusted
from bot.web.bridge import refusals
from bot.web.bridge.lines import Lines
from bot.web.bridge.reach import Reach

_PATIENCE = httpx2.Timeout(10, read=90)
"""Seconds: Cowork says every fifteen that it is still there."""
_STDIN = 0
_MOST_BYTES = 16 << 20
"""Of one answer: a deliverable may have 8 MB, and takes a third more in base64."""


async def bridged(url: str, token: str, *, tell: Callable[[str], None]) -> None:
    """Until standard input ends. `url` is that of `/mcp`; `tell` gets what went wrong, for the log of the program."""
    headers = {"authorization": f"Bearer {token}", "user-agent": "cowork-mcp"}
    async with (
        httpx2.AsyncClient(verify=trusted()) as wire,
        httpx2.AsyncClient(transport=Reach(wire, url, tell), headers=headers, timeout=_PATIENCE) as http,
        stdio_server(stdin=cast(Any, Lines(_STDIN))) as (asked, answer),
        streamable_http_client(url, http_client=http, max_sse_event_size=_MOST_BYTES) as (told, ask),
        answer,
    ):
        across = _Across(url, tell)
        async with anyio.create_task_group() as group:
            group.start_soon(across.answers, told, answer)
            await across.questions(asked, ask)
            group.cancel_scope.cancel()


class _Across:
    """`version` is that of the session, once its handshake was answered; requests of 2026 bring their own."""

    def __init__(self, url: str, tell: Callable[[str], None]) -> None:
        self._url = url
        self._tell = tell
        self._greeted: RequestId | None = None
        self._version = ""
        self._is_greeted = anyio.Event()
        self._is_greeted.set()

    async def questions(
        self, asked: ReadStream[SessionMessage | Exception], ask: WriteStream[SessionMessage]
    ) -> None:
        async for one in asked:
            if isinstance(one, Exception):
                self._tell("A line that is no message of MCP was left out.")
                continue
            match one.message:
                case JSONRPCRequest(id=number, method="initialize"):
                    self._greeted, self._version, self._is_greeted = number, "", anyio.Event()
            meant = ClientMessageMetadata(headers=dict(self._headers(one)))
            await ask.send(SessionMessage(one.message, metadata=meant))
            await self._is_greeted.wait()  # what follows belongs to the session that the answer names

    async def answers(
        self, told: ReadStream[SessionMessage | Exception], answer: WriteStream[SessionMessage]
    ) -> None:
        async for one in told:
            if isinstance(one, Exception):
                self._tell(f"Something that Cowork sent was left out: {one}")
                continue
            await answer.send(SessionMessage(self._meant(one.message)))
            match one.message:
                case JSONRPCResponse(id=number) | JSONRPCError(id=number) if number == self._greeted:
                    self._is_greeted.set()

    def _meant(self, message: Any) -> Any:
        match message:
            case JSONRPCResponse(id=number, result=result) if number == self._greeted:
                self._version = str(result.get("protocolVersion", ""))
            case JSONRPCError(id=number, error=ErrorData(code=refusals.CLOSED)):
                words = refusals.cut(self._url)
                self._tell(words)
                return JSONRPCError(
                    jsonrpc="2.0", id=number, error=ErrorData(code=refusals.CLOSED, message=words)
                )
        return message

    def _headers(self, one: SessionMessage) -> Iterator[tuple[str, str]]:
        """What a proxy may look at without reading the message; Cowork holds it against the message."""
        message = one.message
        if not isinstance(message, JSONRPCRequest | JSONRPCNotification):
            return
        params = message.params or {}
        meta = params.get("_meta")
        version = str(meta.get(PROTOCOL_VERSION_META_KEY, "")) if isinstance(meta, dict) else ""
        if version or self._version:
            yield MCP_PROTOCOL_VERSION_HEADER, version or self._version
        if version:
            yield MCP_METHOD_HEADER, message.method
            name = params.get(NAME_BEARING_METHODS.get(message.method, ""))
            if isinstance(name, str):
                yield MCP_NAME_HEADER, encode_header_value(name)
