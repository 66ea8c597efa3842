"""A call that waits in its middle for a person: no thread is held meanwhile, and the reply finds it again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final

from bot.domain.asking import Asking, Reply, Said
from bot.domain.connector import Answer, Form, Question

if TYPE_CHECKING:
    from bot.connectors.attempt import Attempt
    from bot.connectors.calls import Asked

_KEY: Final = "question"
_LONGEST_WAIT: Final = 3_600.0
_LOOK_EVERY: Final = 5.0


class Live:
    """On the loop. `asked` is the call as it was made last: who hears of it and speaks for the model now, and is asked
    now and then whether anybody still waits for it (if not, it ends). `waits` is told when it has asked something, and
    `forgotten` when nobody need come for it any more. `before` is what was asked, and replied, in a call that is made
    again: the same question has its reply already.
    """

    def __init__(
        self,
        asked: Asked,
        *,
        before: Asking | None = None,
        waits: Callable[[], object] = lambda: None,
        forgotten: Callable[[], object] = lambda: None,
    ) -> None:
        self._before = before
        self.asked, self._waits, self._forgotten = asked, waits, forgotten
        self._turn: asyncio.Future[Answer] | None = None
        self._reply: asyncio.Future[Reply] | None = None
        self._task: asyncio.Task[Answer] | None = None

    @property
    def is_waiting(self) -> bool:
        return self._reply is not None

    def first(self, call: Coroutine[Any, Any, Answer]) -> asyncio.Future[Answer]:
        """What it comes to, or what it asks. Cancelled, it cancels the call."""
        self._task = asyncio.get_running_loop().create_task(call)
        self._task.add_done_callback(self._ended)
        return self._next()

    def answered(self, asking: Asking) -> asyncio.Future[Answer]:
        """What a person replied, and then as `first`; where it ended meanwhile, what became of it."""
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(asking.replies[_KEY])
        self._reply = None
        return self._next()

    async def reply_to(self, form: Form, attempt: Attempt) -> Reply:
        """Asked by the server, in the middle of the call; its time does not run meanwhile."""
        before, self._before = self._before, None
        if before is not None and before.question.forms.get(_KEY) == form and _KEY in before.replies:
            return before.replies[_KEY]
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._reply = reply
        if self._turn is not None and not self._turn.done():
            self._turn.set_result(Answer(asked=Question(forms={_KEY: form}, is_live=True)))
        self._waits()
        attempt.pause()
        try:
            return await self._waited(reply)
        finally:
            attempt.go_on()

    def end(self) -> None:
        """Nobody comes back to it: cancelled, on the server too."""
        if self._task is not None:
            self._task.cancel()
        self._forgotten()

    def _next(self) -> asyncio.Future[Answer]:
        assert self._task is not None
        self._turn = asyncio.get_running_loop().create_future()
        self._turn.add_done_callback(self._turned)
        if self._task.done():
            self._ended(self._task)
        return self._turn

    def _turned(self, turn: asyncio.Future[Answer]) -> None:
        if turn.cancelled() and self._task is not None:
            self._task.cancel()

    def _ended(self, task: asyncio.Task[Answer]) -> None:
        error = None if task.cancelled() else task.exception()  # looked at, also where nobody comes for it
        turn = self._turn
        if turn is None or turn.done():
            return
        if task.cancelled():
            turn.cancel()
        elif error is not None:
            turn.set_exception(error)
        else:
            turn.set_result(task.result())

    async def _waited(self, reply: asyncio.Future[Reply]) -> Reply:
        loop = asyncio.get_running_loop()
        until = loop.time() + _LONGEST_WAIT
        while loop.time() < until:
            done, _ = await asyncio.wait({reply}, timeout=_LOOK_EVERY)
            if done:
                return reply.result()
            if not await asyncio.to_thread(self.asked.middle.is_wanted):
                break
        self.end()
        return Reply(said=Said.CANCEL)
