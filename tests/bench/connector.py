"""What a call of a connector costs through the hub, beside the SDK's bare client on the same server."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Coroutine, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TextIO

from bot.connectors.hub import Hub
from bot.domain.connector import Connector, Transport
from bot.domain.person import Person
from bot.sdk.halt import Halt
from tests.bench.aside import Aside
from tests.bench.figure import Figure, of_runs
from tests.connectors.servers import EVERYTHING, served
from tests.counterparts.node_packages import NODE, modules

if TYPE_CHECKING:
    from mcp import Client

AIM = 1.3
ANA = Person(team="T1", user="U1", name="Ana")
BARE, THREAD, LISTED, READ, WRITE = "bare", "thread", "listed", "read", "write"
LABELS = {
    BARE: "the SDK's bare client in its own loop",
    THREAD: "the bare client, called from a thread",
    LISTED: "the same, which asks for the tools first",
    READ: "a read through the hub, as accepted",
    WRITE: "a write through the hub, which asks for the tools first",
}
RATIOS = ((READ, BARE), (READ, THREAD), (WRITE, LISTED))
WARM_UP = 20

Spent = tuple[float, float]
"""Milliseconds for each call: of the processor, in this process, and of the clock."""


def measure(*, quick: bool) -> list[Figure]:
    """Of server-everything's `echo`, one call after the other, the rounds in turns and the first not counted.

    The hub is called from a thread, as by a worker: so is the bare client, and once without, in its own loop.
    """
    calls, rounds = (100, 3) if quick else (500, 9)
    with ExitStack() as stack:
        url = stack.enter_context(served("streamableHttp"))
        ways = {"stdio": stdio(), "http": http(url)}
        return [
            figure
            for way, connector in ways.items()
            for figure in _figures(way, _measured(connector, calls, rounds))
        ]


def stdio() -> Connector:
    command = (str(NODE), str(modules() / EVERYTHING), "stdio")
    return Connector(slug="all", title="All", transport=Transport.STDIO, command=command)


def http(url: str) -> Connector:
    return Connector(slug="all", title="All", transport=Transport.HTTP, url=url)


def _measured(connector: Connector, calls: int, rounds: int) -> Mapping[str, list[Spent]]:
    with Aside(Bare, connector) as bare, Aside(Ours, connector) as ours:
        sides = {BARE: bare, THREAD: bare, LISTED: bare, READ: ours, WRITE: ours}
        timed = [
            {who: side.ask("spent", calls, who) for who, side in sides.items()} for _ in range(rounds + 1)
        ][1:]
    return {who: [one[who] for one in timed] for who in sides}


def _figures(way: str, measured: Mapping[str, list[Spent]]) -> list[Figure]:
    figures = []
    for who, spent in measured.items():
        processor, clock = [one for one, _ in spent], [one for _, one in spent]
        what = f"A call over {way}, processor: {LABELS[who]}"
        detail = {"by the clock, ms": sorted(clock)[len(clock) // 2]}
        figures.append(of_runs(f"connector.{way}.{who}", what, processor, unit="ms", detail=detail))
    for who, other in RATIOS:
        for kind, part in (("processor", 0), ("clock", 1)):
            ratios = [
                one[part] / bare[part] for one, bare in zip(measured[who], measured[other], strict=True)
            ]
            what = f"Over {way}, by the {kind}: {LABELS[who]}, as a ratio to {LABELS[other]}"
            name = f"connector.{way}.{who}/{other}.{kind}"
            figures.append(of_runs(name, what, ratios, unit="×", aim=AIM))
    return figures


class Bare:
    """The SDK's own client, as its documentation has it."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    def spent(self, calls: int, who: str) -> Spent:
        return asyncio.run(self._spent(calls, who))

    async def _spent(self, calls: int, who: str) -> Spent:
        from mcp import Client

        with open(os.devnull, "w") as nowhere:
            async with Client(self._transport(nowhere), mode="legacy") as client:
                if who == BARE:
                    await _in_its_loop(client, WARM_UP)
                    return await _in_its_loop(client, calls)
                loop = asyncio.get_running_loop()
                await asyncio.to_thread(_from_a_thread, loop, client, WARM_UP, who)
                return await asyncio.to_thread(_from_a_thread, loop, client, calls, who)

    def _transport(self, nowhere: TextIO) -> Any:
        from mcp import StdioServerParameters
        from mcp.client.stdio import stdio_client
        from mcp.client.streamable_http import streamable_http_client

        if self._connector.transport is not Transport.STDIO:
            return streamable_http_client(self._connector.url)
        command, *arguments = self._connector.command
        return stdio_client(StdioServerParameters(command=command, args=arguments), errlog=nowhere)


async def _in_its_loop(client: Client, calls: int) -> Spent:
    processor, clock = time.process_time(), time.perf_counter()
    for _ in range(calls):
        await client.call_tool("echo", {"message": "hello"})
    return _per_call(calls, processor, clock)


def _from_a_thread(loop: asyncio.AbstractEventLoop, client: Client, calls: int, who: str) -> Spent:
    def waited(call: Coroutine[Any, Any, Any]) -> None:
        asyncio.run_coroutine_threadsafe(call, loop).result()

    processor, clock = time.process_time(), time.perf_counter()
    for _ in range(calls):
        if who == LISTED:
            waited(client.list_tools(cache_mode="refresh"))
        waited(client.call_tool("echo", {"message": "hello"}))
    return _per_call(calls, processor, clock)


class Ours:
    """The hub, called from a thread as a worker calls it."""

    def __init__(self, connector: Connector) -> None:
        self._connector, self._hub = connector, Hub(secret=str)
        tools = self._hub.look(connector, ANA).tools
        self._accepted = next(tool for tool in tools if tool.name == "echo")

    def spent(self, calls: int, who: str) -> Spent:
        for _ in range(WARM_UP):
            self._call(is_read=who == READ)
        processor, clock = time.process_time(), time.perf_counter()
        for _ in range(calls):
            self._call(is_read=who == READ)
        return _per_call(calls, processor, clock)

    def _call(self, *, is_read: bool) -> None:
        answer = self._hub.call(
            self._connector,
            ANA,
            "echo",
            {"message": "hello"},
            halt=Halt(),
            is_read=is_read,
            accepted=self._accepted,
        )
        assert answer.text == "Echo: hello"


def _per_call(calls: int, processor: float, clock: float) -> Spent:
    return (
        (time.process_time() - processor) * 1000 / calls,
        (time.perf_counter() - clock) * 1000 / calls,
    )
