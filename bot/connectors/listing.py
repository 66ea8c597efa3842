"""What a server said last of its tools: it holds for half a minute, and never past a word that they changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bot.connectors import looking
from bot.domain.connector import Definition
from bot.errors import ToolError, Unavailable

if TYPE_CHECKING:
    from mcp import Client
    from mcp_types import Tool

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
        self._kept = _Tools([])
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
        if is_read and self._elapsed() < self._kept_until and self._kept.has(accepted):
            return
        found = await self._now(client)
        if not found.has(accepted):
            raise NotAsAccepted(accepted.name, is_gone=not found.of(accepted.name))

    async def _now(self, client: Client) -> _Tools:
        for _ in range(_MOST_TRIES):
            changes, asked = self._changes, self._elapsed()
            found = _Tools(await looking.listed(client))
            if changes == self._changes:
                self._kept, self._kept_until = found, asked + HOLDS
                return found
        raise Unavailable("its tools change all the time", 1, nothing_done=True)


class _Tools:
    """A list of them; what is called is written out, and nothing else."""

    def __init__(self, listed: list[Tool]) -> None:
        self._listed = listed
        self._written: dict[str, set[Definition]] = {}

    def has(self, accepted: Definition) -> bool:
        """And nothing else under its name."""
        return self.of(accepted.name) == {accepted}

    def of(self, name: str) -> set[Definition]:
        if name not in self._written:
            self._written[name] = {looking.definition(tool) for tool in self._listed if tool.name == name}
        return self._written[name]
