"""What a server said last of its tools: it holds for half a minute, and never past a word that they changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from bot.connectors import looking
from bot.domain.connector import Definition
from bot.errors import ToolError, Unavailable

if TYPE_CHECKING:
    from mcp import Client

HOLDS: Final = 30.0
_MOST_TRIES: Final = 6
"""Some servers say five times that their tools changed as they start."""


class NotAsAccepted(ToolError):
    """The tool was not called. `is_gone`: the server has none of that name any more."""

    def __init__(self, name: str, *, is_gone: bool) -> None:
        super().__init__(f"{name} is not as it was accepted.")
        self.is_gone = is_gone


class Listing:
    """Of one connection, on the loop. `elapsed` are seconds that nobody can set."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._kept: tuple[Definition, ...] = ()
        self._kept_until = 0.0
        self._changes = 0

    def drop(self) -> None:
        """What was known does not hold any more; nor does what is being asked for at this moment."""
        self._kept_until = 0.0
        self._changes += 1

    async def check(self, client: Client, accepted: Definition, *, is_read: bool) -> None:
        """Raises `NotAsAccepted`. For what only reads a list that still holds will do to say that it is; to say that it
        is not, and for everything else, the server is asked.
        """
        if is_read and self._elapsed() < self._kept_until and _is_there(accepted, self._kept):
            return
        found = await self._now(client)
        if not _is_there(accepted, found):
            raise NotAsAccepted(accepted.name, is_gone=all(one.name != accepted.name for one in found))

    async def _now(self, client: Client) -> Sequence[Definition]:
        for _ in range(_MOST_TRIES):
            changes, asked = self._changes, self._elapsed()
            found = tuple(await looking.tools(client))
            if changes == self._changes:
                self._kept, self._kept_until = found, asked + HOLDS
                return found
        raise Unavailable("its tools change all the time", 1, nothing_done=True)


def _is_there(accepted: Definition, found: Sequence[Definition]) -> bool:
    """Under its name nothing else is."""
    return {one for one in found if one.name == accepted.name} == {accepted}
