"""Between a transport and the client: the end of the stream is noticed, and a spoilt tool spoils no other."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Self

import anyio
import mcp_types
from mcp.shared.message import SessionMessage
from pydantic import ValidationError

if TYPE_CHECKING:
    from mcp.client._transport import ReadStream, TransportStreams

Dropped = Callable[[str, str], None]
"""Hears of a tool that no client could call, and of the reason."""


@contextlib.asynccontextmanager
async def watched(
    transport: AbstractAsyncContextManager[Any], gone: Callable[[], None], dropped: Dropped
) -> AsyncIterator[TransportStreams]:
    """The same streams; `gone` is called at once when nothing more can come."""
    async with transport as (read, write):
        yield _Watched(read, gone, dropped), write


class _Watched:
    """Read as it is asked for: a task in between would cost each message two turns of the loop."""

    def __init__(
        self, read: ReadStream[SessionMessage | Exception], gone: Callable[[], None], dropped: Dropped
    ) -> None:
        self._read, self._gone, self._dropped = read, gone, dropped

    async def receive(self) -> SessionMessage | Exception:
        try:
            message = await self._read.receive()
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            self._gone()
            raise anyio.EndOfStream from None
        except BaseException:  # cancelled too: calls learn it before the transport has come to its end
            self._gone()
            raise
        return _mended(message, self._dropped)

    async def aclose(self) -> None:
        await self._read.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _mended(message: SessionMessage | Exception, dropped: Dropped) -> SessionMessage | Exception:
    """One tool that is wrong makes the SDK refuse the whole list."""
    if not isinstance(message, SessionMessage) or not isinstance(message.message, mcp_types.JSONRPCResponse):
        return message
    tools = message.message.result.get("tools")
    if isinstance(tools, list):
        message.message.result["tools"] = [tool for tool in tools if _is_kept(tool, dropped)]
    return message


def _is_kept(tool: Any, dropped: Dropped) -> bool:
    if reason := _fault(tool):
        dropped(_name(tool), reason)
    return not reason


def _fault(tool: Any) -> str:
    """Why it cannot be called, "" where it can; a schema that forgot to say that it is of an object is mended."""
    if not isinstance(tool, dict):
        return "it is not described by an object"
    schema = tool.get("inputSchema")
    if isinstance(schema, dict):
        schema.setdefault("type", "object")
    try:
        parsed = mcp_types.Tool.model_validate(tool, by_name=False)
    except ValidationError as error:
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    if parsed.input_schema.get("type") != "object":
        return "its arguments are not those of an object"
    if parsed.execution is not None and parsed.execution.task_support == "required":
        return "it can only be called as a task of the protocol's own, which is no longer part of it"
    return ""


def _name(tool: Any) -> str:
    return str(tool.get("name", "?"))[:100] if isinstance(tool, dict) else "?"
