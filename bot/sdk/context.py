"""What an action works with: a client, the grant's scope, and the files of its task; never the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from bot.sdk.connect import Connection
from bot.sdk.halt import Halt
from bot.sdk.scope import Scope


class Files(Protocol):
    """The task's own folder, and what a `LocalFile` argument names in a granted folder."""

    def read(self, path: str, *, most: int = 20_000_000) -> bytes:
        """Of at most `most` bytes. Raises `ToolError` for one that is not there, is larger, or was not granted."""
        ...

    def name(self, path: str) -> str:
        """The path as people are shown it."""
        ...

    def keep(self, name: str, content: bytes) -> str:
        """Put into the task's own folder under a free name like this one; the path for the model."""
        ...

    def as_markdown(self, name: str, content: bytes) -> str:
        """The words in a document (PDF, Word, Excel, PowerPoint, HTML, CSV, text), read apart from this process.

        Its ending says what it is. Raises `ToolError` for what cannot be read.
        """
        ...


@dataclass(frozen=True)
class Context:
    """One call's. `effect_id` is the same whenever this call is made or looked up, and no other call's; "" while it is
    only shown. Long work asks `halt.check()` now and then. What the properties give is got when it is first asked for.
    """

    connect: Callable[[], Connection]
    granted: Callable[[], Scope]
    files: Files
    now: datetime
    make_client: Callable[[Connection], Any]
    halt: Halt
    effect_id: str = ""

    @cached_property
    def connection(self) -> Connection:
        """Whose account is used. Raises `SignInNeeded` where nobody connected one, or its token is dead."""
        return self.connect()

    @property
    def is_connected(self) -> bool:
        """Whether the account was asked for: something may have been sent."""
        return "connection" in vars(self)

    @cached_property
    def scope(self) -> Scope:
        """What was granted of the service, as of now."""
        return self.granted()

    @cached_property
    def client(self) -> Any:
        """Made for this call alone, from a token that is good now (notes: nothing is shared between threads)."""
        return self.make_client(self.connection)

    def in_scope(self, items: Iterable[Any], key: Callable[[Any], str]) -> list[Any]:
        """Those that the grant covers: everything a service lists or finds goes through this."""
        return [item for item in items if self.scope.covers(key(item))]
