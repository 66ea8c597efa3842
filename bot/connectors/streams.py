"""Between a transport and the client: the end of the stream is noticed, and a spoilt tool spoils no other."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

import anyio
import mcp_types
from mcp.shared.message import SessionMessage
from pydantic import ValidationError

if TYPE_CHECKING:
    from mcp.client._transport import TransportStreams

Dropped = Callable[[str, str], None]
"""Hears of a tool that no client could call, and of the reason."""


@contextlib.asynccontextmanager
async def watched(
    transport: AbstractAsyncContextManager[Any], gone: Callable[[], None], dropped: Dropped
) -> AsyncIterator[TransportStreams]:
    """The same streams; `gone` is called at once when nothing more can come."""
    async with transport as (read, write):
        send, receive = anyio.create_memory_object_stream[SessionMessage | Exception](0)

        async def pump() -> None:
            try:
                async with send, read:
                    async for message in read:
                        await send.send(_mended(message, dropped))
            except (anyio.ClosedResourceError, anyio.BrokenResourceError):
                pass
            finally:
                gone()

        async with anyio.create_task_group() as group:
            group.start_soon(pump)
            try:
                yield receive, write
            finally:
                group.cancel_scope.cancel()
                receive.close()


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
