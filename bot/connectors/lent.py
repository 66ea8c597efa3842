"""What one call may have of our model: a word at a time, ten at most, and its own time does not run meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from bot.domain.connector import Sample
from bot.errors import CoworkError, ToolError

if TYPE_CHECKING:
    import mcp_types as types

    from bot.connectors.attempt import Attempt

MOST: Final = 10


class Lent:
    """On the loop. `sample` gives whoever speaks for the model now; None for nobody."""

    def __init__(self, sample: Callable[[], Sample | None], attempt: Attempt) -> None:
        self._sample, self._attempt = sample, attempt
        self._alone = asyncio.Semaphore(1)
        self._asked = 0

    async def word(self, params: types.CreateMessageRequestParams) -> Mapping[str, Any]:
        """As the protocol has it. Raises `ToolError` for a no."""
        if self._sample() is None:
            raise ToolError("It asks for a word of the model, which it may not.")
        self._asked += 1
        if self._asked > MOST:
            raise ToolError(f"It asked for more than {MOST} words of the model in one call.")
        asked = params.model_dump(by_alias=True, mode="json", exclude_none=True)
        async with self._alone:
            sample = self._sample()
            assert sample is not None  # nobody takes it away
            self._attempt.pause()
            try:
                return await _aside(sample, asked)
            except CoworkError as no:
                raise ToolError(str(no)) from no
            finally:
                self._attempt.go_on()


async def _aside(sample: Sample, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """In a thread of its own: those of the loop are few, and every other connector needs them, too."""
    hand = ThreadPoolExecutor(1, thread_name_prefix="lent")
    try:
        return await asyncio.get_running_loop().run_in_executor(hand, sample, asked)
    finally:
        hand.shutdown(wait=False)
