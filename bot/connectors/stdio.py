"""A server of this machine: a process that speaks in lines, with bounds on them, and that leaves nobody behind."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Final, cast

import anyio
import mcp_types
from anyio.abc import Process
from mcp.shared.message import SessionMessage

from bot.connectors.launch import Launch
from bot.connectors.lines import MOST_BYTES, Lines, TooLong, answers
from bot.connectors.noticed import Noticed
from bot.sandbox import refused

if TYPE_CHECKING:
    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
    from mcp.client._transport import TransportStreams

_GRACE: Final = 2.0
"""Seconds after the end of its input, and again after a word to end, until it is killed."""
_MOMENT: Final = 0.3
_LOOK_EVERY: Final = 0.01
_FLUSH: Final = 0.5
_MOST_NOISE: Final = 64 << 20
"""Bytes without a message among them, after which a server is ended: it would keep all others waiting."""
_LONGEST_ERROR: Final = 4000

Tied = Callable[[int], contextlib.AbstractContextManager[None]]
"""Within its block a group of processes ends when we do."""

logger = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def stdio(launch: Launch, noticed: Noticed, tied: Tied) -> AsyncIterator[TransportStreams]:
    """As the SDK's own transport (`mcp.client.stdio`), whose reader is without limit and takes time squared.

    It works in an empty folder of its own: many take code or settings from where they are.
    """
    with tempfile.TemporaryDirectory(prefix="cowork-server-", ignore_cleanup_errors=True) as folder:
        async with _begun(launch, folder, noticed, tied) as streams:
            yield streams


@contextlib.asynccontextmanager
async def _begun(
    launch: Launch, folder: str, noticed: Noticed, tied: Tied
) -> AsyncIterator[TransportStreams]:
    with _drained(noticed.wrote) as errors, refused.filtered() as calls:
        process = await anyio.open_process(
            launch.words(calls),
            env=dict(launch.environment),
            stderr=errors,
            cwd=folder,
            start_new_session=True,
            pass_fds=[calls] if launch.cell and calls >= 0 else [],
        )
    # No await until the group is entered: a cancellation in between would leave the process behind.
    sender, read = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    write, receiver = anyio.create_memory_object_stream[SessionMessage](0)
    written, over = anyio.Event(), anyio.Event()
    with tied(process.pid):
        async with anyio.create_task_group() as group:
            group.start_soon(_read, process, sender, noticed, over)
            group.start_soon(_write, process, receiver, sender, written)
            try:
                yield read, write
            finally:
                with anyio.CancelScope(shield=True):
                    if over.is_set():  # by itself: how, is known in a moment
                        await _ended(process, _MOMENT)
                    noticed.ended = noticed.ended or _how_it_ended(process)
                    read.close()
                    write.close()
                    with anyio.move_on_after(_FLUSH):
                        await written.wait()
                    await _stop(process)
                group.cancel_scope.cancel()


async def _read(
    process: Process,
    sender: MemoryObjectSendStream[SessionMessage | Exception],
    noticed: Noticed,
    over: anyio.Event,
) -> None:
    assert process.stdout is not None
    try:
        async with sender:
            with contextlib.suppress(anyio.ClosedResourceError, anyio.BrokenResourceError, OSError):
                await _pass_on(process, sender, noticed)
                over.set()
    finally:
        with anyio.CancelScope(shield=True), contextlib.suppress(Exception):
            # One that still writes would not see that it is to end; the stop closes the pipe.
            async for _ in process.stdout:
                pass


async def _pass_on(
    process: Process, sender: MemoryObjectSendStream[SessionMessage | Exception], noticed: Noticed
) -> None:
    assert process.stdout is not None
    lines, noise = Lines(), 0
    async for chunk in process.stdout:
        noise += len(chunk)
        for line in lines.fed(chunk):
            if (message := _parsed(line)) is not None:
                await sender.send(message)
                noise = 0
        if noise > _MOST_NOISE:
            noticed.ended = f"it wrote {_MOST_NOISE >> 20} MB without a message among them, and was ended"
            _signalled(process.pid, signal.SIGKILL)
            return


def _parsed(line: bytes | TooLong) -> SessionMessage | Exception | None:
    """None for noise: what is no message at all."""
    if isinstance(line, TooLong):
        text = f"it wrote more than {MOST_BYTES >> 20} MB in one message, which was dropped"
        return _refusal(line.id, text) or ValueError(text)
    if not line.lstrip().startswith(b"{"):
        return None
    try:
        return SessionMessage(mcp_types.jsonrpc_message_adapter.validate_json(line, by_name=False))
    except ValueError as error:
        return (
            _refusal(answers(line), "it answered with what cannot be read, such as lists too deep") or error
        )


def _refusal(id: int | str | None, text: str) -> SessionMessage | None:
    """In the place of an answer, so that nobody waits for it; None where it is not known whose it was."""
    if id is None:
        return None
    refusal = mcp_types.ErrorData(code=mcp_types.INTERNAL_ERROR, message=text)
    return SessionMessage(mcp_types.JSONRPCError(jsonrpc="2.0", id=id, error=refusal))


async def _write(
    process: Process,
    receiver: MemoryObjectReceiveStream[SessionMessage],
    sender: MemoryObjectSendStream[SessionMessage | Exception],
    written: anyio.Event,
) -> None:
    assert process.stdin is not None
    try:
        async with receiver:
            async for message in receiver:
                text = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                await process.stdin.send(text.encode() + b"\n")
    except (anyio.ClosedResourceError, anyio.BrokenResourceError, OSError):
        await sender.aclose()  # so that whoever waits for an answer hears that there will be none
    finally:
        written.set()


async def _stop(process: Process) -> None:
    """The end of its input, a word to its group, the end of all of it. In no case is anything of it left."""
    assert process.stdin is not None and process.stdout is not None
    with contextlib.suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
        await process.stdin.aclose()
    if not await _ended(process):
        _signalled(process.pid, signal.SIGTERM)
        await _ended(process)
    _signalled(process.pid, signal.SIGKILL)  # also what it had started and did not end
    if not await _ended(process):
        logger.warning("the connector's process %d cannot be killed", process.pid)
    with contextlib.suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
        await process.stdout.aclose()
    _let_go(process)


async def _ended(process: Process, seconds: float = _GRACE) -> bool:
    """Not `process.wait()`: that waits also for those who inherited its pipes."""
    until = anyio.current_time() + seconds
    while process.returncode is None:
        if anyio.current_time() > until:
            return False
        await anyio.sleep(_LOOK_EVERY)
    return True


def _signalled(group: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, what)


def _let_go(process: Process) -> None:
    """Asyncio's own end of the pipes, which somebody may still hold at the other side."""
    transport = getattr(getattr(process, "_process", None), "_transport", None)
    if transport is not None:
        with contextlib.suppress(PermissionError):
            cast(asyncio.SubprocessTransport, transport).close()


def _how_it_ended(process: Process) -> str:
    code = process.returncode
    if code is None:
        return ""
    return f"its program ended with code {code}" if code >= 0 else f"its program was killed (signal {-code})"


@contextlib.contextmanager
def _drained(wrote: Callable[[bytes], None]) -> Iterator[int]:
    """What to give a process as its stderr. Full and unread, it would stop it."""
    reader, writer = os.pipe()
    threading.Thread(target=_drain, args=(reader, wrote), name="connector-stderr", daemon=True).start()
    try:
        yield writer
    finally:
        os.close(writer)


def _drain(reader: int, wrote: Callable[[bytes], None]) -> None:
    held = b""
    with os.fdopen(reader, "rb", buffering=0) as pipe:
        while chunk := pipe.read(1 << 16):
            *whole, held = (held + chunk).split(b"\n")
            for line in whole:
                wrote(line)
            held = held[:_LONGEST_ERROR]
    if held:
        wrote(held)
