"""The owner of one connection: started by a call, ended when idle; it alone opens and closes the client."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from bot import crossing
from bot.connectors.attempt import Attempt
from bot.connectors.outcomes import RESTARTED
from bot.domain.clock import Clock
from bot.domain.connector import Condition
from bot.errors import NotAllowed, SignInNeeded, Unavailable

if TYPE_CHECKING:
    from mcp import Client

T = TypeVar("T")

Opened = Callable[[Callable[[], None]], contextlib.AbstractAsyncContextManager["Client"]]
"""Opens a client; what it is given is called once the other side is gone."""

_FIRST_REST: Final = 0.5
_LONGEST_REST: Final = 60.0
_STEADY: Final = 60.0
"""Seconds after which a connection that is lost was a good one."""
_ENDING: Final = 8.0
"""Seconds that a server may take to its end: it is killed within six."""


class Owner:
    """Lives on the loop. A call starts the server if need be; none is ever made again by us.

    What cannot be started rests, longer each time, and calls are refused at once meanwhile. A connection that is lost
    is opened anew by the next call. `slots` is how many calls are made at once, `patience` the seconds for a start,
    `elapsed` seconds that nobody can set.
    """

    def __init__(
        self,
        opened: Opened,
        *,
        slots: int,
        patience: float,
        clock: Clock,
        elapsed: Callable[[], float],
    ) -> None:
        self._opened, self._patience, self._clock, self._elapsed = opened, patience, clock, elapsed
        self._slots = asyncio.Semaphore(slots)
        self._started: asyncio.Future[Client] | None = None
        self._task: asyncio.Task[None] | None = None
        self._gone = asyncio.Event()
        self._failures, self._rest_until = 0, 0.0
        self._under_way, self._used = 0, elapsed()
        self._at_work: set[Attempt] = set()
        self._is_ended = False
        self.condition = Condition.NEW
        self.trouble: BaseException | None = None
        self.next_try: datetime | None = None
        self.last_success: datetime | None = None
        self.starts = 0

    @property
    def idle_seconds(self) -> float:
        return 0.0 if self._under_way else self._elapsed() - self._used

    @property
    def failures(self) -> int:
        """How many starts came to nothing, one after the other."""
        return self._failures

    async def call(self, ask: Callable[[Client], Awaitable[T]], attempt: Attempt) -> T:
        """What `ask` gives, once. Raises what the client raises, or what kept the server from starting."""
        self._under_way += 1
        try:
            async with attempt.limited(), self._slots:
                client = await self._client()
                try:
                    with self._sent(attempt):
                        given = await ask(client)
                except Exception:
                    await self._unwound()
                    raise
                self.last_success, self.trouble = self._clock(), None
                return given
        finally:
            self._under_way -= 1
            self._used = self._elapsed()

    def drop(self) -> None:
        """The connection is of no more use: the next call opens it anew."""
        if self._started is not None and self.condition is Condition.READY:
            self._leave(self._started, self._gone)

    async def rest(self) -> None:
        """Stopped until the next call."""
        await self._stopped()
        self.condition, self.trouble, self._failures, self._rest_until = Condition.RESTING, None, 0, 0.0

    async def end(self) -> None:
        """Stopped for good."""
        self._is_ended = True
        await self._stopped()

    @contextlib.contextmanager
    def _sent(self, attempt: Attempt) -> Iterator[None]:
        attempt.is_sent = True
        self._at_work.add(attempt)
        if len(self._at_work) > 1:
            for one in self._at_work:
                one.was_alone = False
        try:
            yield
        finally:
            self._at_work.discard(attempt)

    async def _client(self) -> Client:
        if self._is_ended:
            raise Unavailable("it was just changed or removed", 1, nothing_done=True)
        if self._started is None:
            if (left := self._rest_until - self._elapsed()) > 0:
                raise Resting(left)
            self._started = asyncio.get_running_loop().create_future()
            self._task = asyncio.get_running_loop().create_task(self._live(self._started, self._task))
        return await asyncio.shield(self._started)

    async def _live(self, started: asyncio.Future[Client], before: asyncio.Task[None] | None) -> None:
        """One life of the connection: this task enters and leaves the client; another may not (notes §4)."""
        if before is not None:
            await asyncio.wait({before}, timeout=_ENDING)  # never two servers at a time
        began, self._gone = self._elapsed(), asyncio.Event()
        if self.starts:
            crossing.counted(RESTARTED)
        self.condition, self.next_try, self.starts = Condition.CONNECTING, None, self.starts + 1
        try:
            await self._kept(started)
        except asyncio.CancelledError:
            self._settle(started, Unavailable("it was stopped while it started", 1, nothing_done=True))
            raise
        except BaseException as trouble:  # noqa: BLE001  anyio nests what went wrong in exception groups
            self._failed(started, innermost(trouble), self._elapsed() - began)
        else:
            self._lost(self._elapsed() - began)
        finally:
            self._left(started)

    async def _kept(self, started: asyncio.Future[Client]) -> None:
        gone = self._gone
        async with contextlib.AsyncExitStack() as stack:
            async with asyncio.timeout(self._patience):
                client = await stack.enter_async_context(self._opened(lambda: self._leave(started, gone)))
            if gone.is_set():
                raise ConnectionError("it ended as it started")
            self.condition, self.trouble = Condition.READY, None
            started.set_result(client)
            await gone.wait()

    def _leave(self, started: asyncio.Future[Client], gone: asyncio.Event) -> None:
        """At once: the next calls would meet the dying client otherwise."""
        self._left(started)
        gone.set()

    def _left(self, started: asyncio.Future[Client]) -> None:
        if self._started is started:
            self._started = None

    def _failed(self, started: asyncio.Future[Client], trouble: BaseException, lasted: float) -> None:
        self.trouble = trouble
        was_ready = started.done()
        self._settle(started, trouble)
        if isinstance(trouble, SignInNeeded | NotAllowed):
            self.condition = Condition.SIGN_IN if isinstance(trouble, SignInNeeded) else Condition.BLOCKED
        elif was_ready:
            self._lost(lasted)
        else:
            self._failures += 1
            self._rest(self._failures)

    def _lost(self, lasted: float) -> None:
        """The first time it is opened anew at once; one that is lost again and again is let alone a while."""
        self.condition, self.trouble = Condition.RESTING, self.trouble or Lost()
        self._failures = 0 if lasted > _STEADY else self._failures + 1
        if self._failures > 1:
            self._rest(self._failures - 1)

    def _rest(self, times: int) -> None:
        seconds = min(_FIRST_REST * 2 ** (times - 1), _LONGEST_REST) * random.uniform(0.8, 1.2)
        self.condition = Condition.BACKOFF
        self._rest_until, self.next_try = (
            self._elapsed() + seconds,
            self._clock() + timedelta(seconds=seconds),
        )

    def _settle(self, started: asyncio.Future[Client], trouble: BaseException) -> None:
        if not started.done():
            started.set_exception(trouble)
            started.exception()  # whoever waited may have gone

    async def _unwound(self) -> None:
        """After a call went wrong with the connection: until it is known what became of that."""
        if self._started is None and self._task is not None:
            await asyncio.wait({self._task}, timeout=1)

    async def _stopped(self) -> None:
        task = self._task
        if task is None or task.done():
            return
        if self.condition is Condition.READY:
            self.drop()
        else:
            task.cancel()
        await asyncio.wait({task}, timeout=_ENDING)


class Lost(Exception):
    """The other side was gone, and said no more."""


class Resting(Exception):
    """It is let alone: `seconds` are left."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def innermost(trouble: BaseException) -> BaseException:
    while isinstance(trouble, BaseExceptionGroup):
        trouble = trouble.exceptions[0]
    return trouble
