"""A call that waits in its middle for a person: no thread is held meanwhile, and the reply finds it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bot.domain.asking import Asking, Reply, Said
from bot.domain.connector import Answer, Form, Question

if TYPE_CHECKING:
    from bot.connectors.attempt import Attempt

_KEY: Final = "question"
_LONGEST_WAIT: Final = 3_600.0
_LOOK_EVERY: Final = 5.0


class Live:
    """On the loop. `is_wanted` is asked now and then whether anybody still waits for the call: if not, it ends, and
    `forgotten` is told.
    """

    def __init__(self, is_wanted: Callable[[], bool]) -> None:
        self._is_wanted = is_wanted
        self.forgotten: Callable[[], object] = lambda: None
        self._asked = asyncio.Event()
        self._form: Form | None = None
        self._reply: asyncio.Future[Reply] | None = None
        self._task: asyncio.Task[Answer] | None = None

    @property
    def is_waiting(self) -> bool:
        return self._reply is not None

    async def first(self, task: asyncio.Task[Answer]) -> Answer:
        """Until it has come to its end, or asks."""
        self._task = task
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # nobody may come for it
        return await self._next()

    async def answered(self, asking: Asking) -> Answer:
        """What a person replied, and then as `first`; where it ended meanwhile, what became of it."""
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(asking.replies[_KEY])
        self._reply, self._form = None, None
        self._asked.clear()
        return await self._next()

    async def reply_to(self, form: Form, attempt: Attempt) -> Reply:
        """Asked by the server, in the middle of the call; its time does not run meanwhile."""
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._form, self._reply = form, reply
        self._asked.set()
        attempt.pause()
        try:
            return await self._waited(reply)
        finally:
            attempt.go_on()

    def end(self) -> None:
        """Nobody comes back to it: cancelled, on the server too."""
        if self._task is not None:
            self._task.cancel()
        self.forgotten()

    async def _next(self) -> Answer:
        assert self._task is not None
        asked = asyncio.ensure_future(self._asked.wait())
        try:
            await asyncio.wait({self._task, asked}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self._task.cancel()
            raise
        finally:
            asked.cancel()
        if self._task.done() or self._form is None:
            return await self._task
        return Answer(asked=Question(forms={_KEY: self._form}, is_live=True))

    async def _waited(self, reply: asyncio.Future[Reply]) -> Reply:
        loop = asyncio.get_running_loop()
        until = loop.time() + _LONGEST_WAIT
        while loop.time() < until:
            done, _ = await asyncio.wait({reply}, timeout=_LOOK_EVERY)
            if done:
                return reply.result()
            if not await asyncio.to_thread(self._is_wanted):
                break
        self.end()
        return Reply(said=Said.CANCEL)
