"""What a task needs of the place where a person follows it and decides."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from bot.domain.approval import Approval
from bot.domain.event import Event
from bot.domain.snapshot import Snapshot

Busy = Callable[[Snapshot], None]


class Screen(Protocol):
    def opening(self, snapshot: Snapshot, *, is_resumed: bool) -> None:
        """Which task this is, and where it may work."""

    def news(self, event: Event) -> None: ...

    def ask(self, approval: Approval) -> str | None:
        """Show it and read one line; None at the end of the input."""

    def say(self, text: str) -> None: ...

    def busy(self) -> AbstractContextManager[Busy]:
        """While it lasts, what is being done is shown; the function is told how it stands now."""

    def kept(self, task_id: int, why: str, command: str) -> None:
        """It is not over; `command` goes on with it."""

    def result(self, snapshot: Snapshot) -> None: ...


def line_read() -> str | None:
    """One line from standard input, without its end; None when there is no more."""
    line = sys.stdin.readline()
    return line.rstrip("\r\n") if line else None
