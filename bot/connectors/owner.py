"""The owner of one connection: the one task that opens it, opens it again when it is lost, and closes it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from mcp import Client

from bot.domain.connector import Condition

T = TypeVar("T")

Opened = Callable[[Callable[[], None]], contextlib.AbstractAsyncContextManager[Client]]
"""Opens a client; what it is given is called once the other side is gone."""

_FIRST_WAIT, _LONGEST_WAIT, _STEADY = 0.5, 60.0, 60.0


class Owner:
    """Lives on the loop. `slots` is how many calls are made at once."""

    def __init__(self, opened: Opened, *, slots: int, patience: float) -> None:
        self._opened = opened
        self._patience = patience
        self._slots = asyncio.Semaphore(slots)
        self._wake, self._ready = asyncio.Event(), asyncio.Event()
        self._client: Client | None = None
        self._is_ending = False
        self.condition = Condition.NEW
        self.trouble: BaseException | None = None
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def call(self, ask: Callable[[Client], Awaitable[T]], seconds: float) -> T:
        async with asyncio.timeout(seconds):
            await self._ready.wait()
            async with self._slots:
                assert self._client is not None
                return await ask(self._client)

    async def end(self) -> None:
        self._is_ending = True
        self._wake.set()
        if not self._ready.is_set():
            self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        """This one task enters and leaves the client: another may not (notes §4)."""
        delay = _FIRST_WAIT
        while not self._is_ending:
            self._wake.clear()
            began = time.monotonic()
            self.condition = Condition.CONNECTING
            try:
                await self._kept()
            except asyncio.CancelledError:
                raise
            except BaseException as trouble:  # noqa: BLE001  anyio nests what went wrong in exception groups
                self.trouble = _innermost(trouble)
            finally:
                self._client = None
                self._ready.clear()
            delay = _FIRST_WAIT if time.monotonic() - began > _STEADY else delay
            if not self._is_ending:
                delay = await self._rested(delay)

    async def _kept(self) -> None:
        async with contextlib.AsyncExitStack() as stack:
            async with asyncio.timeout(self._patience):
                self._client = await stack.enter_async_context(self._opened(self._gone))
            self.condition, self.trouble = Condition.READY, None
            self._ready.set()
            await self._wake.wait()

    async def _rested(self, delay: float) -> float:
        self.condition = Condition.BACKOFF
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), delay * random.uniform(0.8, 1.2))
        return min(delay * 2, _LONGEST_WAIT)

    def _gone(self) -> None:
        """At once: the next calls would meet the dying client otherwise."""
        self._ready.clear()
        self._wake.set()


def _innermost(trouble: BaseException) -> BaseException:
    while isinstance(trouble, BaseExceptionGroup):
        trouble = trouble.exceptions[0]
    return trouble
