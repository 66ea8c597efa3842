"""Trying a plugin's actions without the colleague: for the tests of a plugin, against a real or a stand-in service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.domain.call import Call, Result
from bot.errors import NotAllowed, ToolError
from bot.sdk.action import EVERYWHERE, Action, Items, taken_back
from bot.sdk.connect import Connection
from bot.sdk.context import Context
from bot.sdk.halt import Halt
from bot.sdk.plugin import Plugin, context_of
from bot.sdk.scope import Scope
from bot.sdk.tool import parsed


@dataclass(frozen=True, kw_only=True)
class OneFolder:
    """Files of one folder stand in for those of a task."""

    folder: Path
    read_document: Callable[[str, bytes], str]

    def read(self, path: str, *, most: int = 20_000_000) -> bytes:
        content = (self.folder / path).read_bytes()
        if len(content) > most:
            raise ToolError(f"{path} is larger than {most:,} bytes.")
        return content

    def name(self, path: str) -> str:
        return path

    def keep(self, name: str, content: bytes) -> str:
        (self.folder / name).write_bytes(content)
        return name

    def as_markdown(self, name: str, content: bytes) -> str:
        return self.read_document(name, content)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Calls go to `connection` and are refused outside of `patterns`, as the colleague refuses them.

    `read` is how documents become text.
    """

    plugin: Plugin
    connection: Connection
    folder: Path
    patterns: tuple[str, ...] = ("*",)
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    read: Callable[[str, bytes], str] = lambda name, content: content.decode()

    def run(self, name: str, /, *, effect_id: str = "", **given: Any) -> Result:
        """Make a call. Raises `NotAllowed` outside of the scope, `ToolError` for what the model would have to mend."""
        action, arguments = self._opened(name, given)
        context = self.context(effect_id)
        for item in self.items(name, **given):
            if not context.scope.covers(item):
                raise NotAllowed(f"{item} is outside of {', '.join(self.patterns)}.")
        return action.function(context, **arguments)

    def items(self, name: str, /, **given: Any) -> tuple[str, ...]:
        """What the call touches, as the scope names it; the patterns themselves for what looks everywhere."""
        action, arguments = self._opened(name, given)
        return touched(action.items, self.context(), arguments)

    def preview(self, name: str, /, **given: Any) -> str:
        """The line of the card, and below it all that is written or sent."""
        action, arguments = self._opened(name, given)
        context = self.context()
        detail = "" if action.detail is None else action.detail(context, **arguments)
        return f"{action.preview(context, **arguments)}\n{detail}".strip()

    def settled(self, name: str, /, *, effect_id: str, **given: Any) -> Result | None:
        """What a lookup finds after a crash."""
        action, arguments = self._opened(name, given)
        if action.settled is None:
            raise ToolError(f"{name} has no lookup.")
        return action.settled(self.context(effect_id), **arguments)

    def undo(self, name: str, made: Result, /, **given: Any) -> Result:
        """Take a call back, of which `made` is what it gave."""
        action, arguments = self._opened(name, given)
        if action.inverse is None or made.receipt is None:
            raise ToolError(f"{name} cannot be undone.")
        return taken_back(action.inverse, self.context(), made.receipt, arguments)

    def arguments(self, name: str, /, **given: Any) -> dict[str, Any]:
        """What the action itself is given."""
        return self._opened(name, given)[1]

    def context(self, effect_id: str = "") -> Context:
        return context_of(
            self.plugin,
            connect=lambda: self.connection,
            granted=lambda: Scope(self.patterns),
            files=OneFolder(folder=self.folder, read_document=self.read),
            now=self.now,
            halt=Halt(),
            effect_id=effect_id,
        )

    def within(self, *patterns: str) -> Trial:
        """The same with a narrower scope."""
        return replace(self, patterns=patterns)

    def _opened(self, name: str, given: dict[str, Any]) -> tuple[Action, dict[str, Any]]:
        action = next(one for one in self.plugin.actions if one.name == name)
        return action, parsed(action.arguments, Call(id="trial", tool=name, input=given))


def touched(items: Items | Any, context: Context, arguments: dict[str, Any]) -> tuple[str, ...]:
    """What a call touches: of one that looks everywhere all that was granted."""
    return context.scope.patterns if items is EVERYWHERE else tuple(items(context, **arguments))
