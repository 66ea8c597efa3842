"""What a task works with outside: the accounts it may use, what was granted there, and its files for them."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

from bot.domain.basis import Basis, of_account, of_pin
from bot.domain.clock import Clock, system_clock
from bot.domain.grant import ServiceGrant
from bot.domain.pin import Pin
from bot.errors import CoworkError, SignInNeeded, ToolError
from bot.sdk.connect import Connection, Per
from bot.sdk.context import Context
from bot.sdk.plugin import Plugin, context_of
from bot.sdk.scope import Scope
from bot.tools import documents

if TYPE_CHECKING:
    from bot.tools.desk import Desk

T = TypeVar("T")

_FOLDER = "from-services"
_MOST_NAMES = 1_000


def _nobody(plugin: Plugin, **_: object) -> Connection:
    raise SignInNeeded(f"Nobody connected {plugin.title} here.", plugin=plugin.name)


@dataclass(frozen=True, kw_only=True)
class Abroad:
    """`connection` gives the account for a call that only reads, or for one that writes and `needs` scopes of the
    service. `refused` is told which of them it did not take. `grants` are those of now, `pins` gives a connector's
    tool, by our name for it, as an admin accepted it by now.
    """

    connection: Callable[..., Connection] = _nobody
    refused: Callable[[Connection, str], CoworkError] = lambda used, why: SignInNeeded(
        why, plugin=used.plugin
    )
    grants: Callable[[], Mapping[str, ServiceGrant]] = field(default=dict)
    pins: Callable[[str], Pin | None] = lambda _: None
    clock: Clock = system_clock
    plugins: Mapping[str, Plugin] = field(default_factory=dict)

    def basis(self, service: str) -> Basis:
        """As whom a call that writes there would be made now. Raises `SignInNeeded` where nobody could make it."""
        plugin = self.plugins.get(service)
        if plugin is None:
            return of_account(service, "")
        used = self.connection(plugin, writes=True)
        whose = "everybody's account" if used.per is Per.TEAM else "your account"
        return of_account(service, f"{used.account} ({whose})" if used.account else whose)

    def as_accepted(self, tool: str) -> Basis:
        """As what a connector's tool would be called now."""
        return of_pin(tool, self.pins(tool))

    def asked(
        self,
        desk: Desk,
        plugin: Plugin,
        act: Callable[[Context], T],
        *,
        writes: bool,
        needs: Collection[str] = (),
    ) -> T:
        """What `act` gives. Where the service did not take the token, which did nothing, once more with another."""
        for is_last in (False, True):
            context = self.context(desk, plugin, writes=writes, needs=needs)
            try:
                return act(context)
            except SignInNeeded as dead:
                if not context.is_connected:
                    raise
                trouble = self.refused(context.connection, str(dead))
                if is_last or isinstance(trouble, SignInNeeded):
                    raise trouble from None
        raise AssertionError  # the last try returned or raised

    def context(self, desk: Desk, plugin: Plugin, *, writes: bool, needs: Collection[str] = ()) -> Context:
        """What one call to a plugin works with."""
        return context_of(
            plugin,
            connect=partial(self.connection, plugin, writes=writes, needs=needs),
            granted=lambda: Scope(self._patterns(plugin)),
            files=TaskFiles(desk),
            now=self.clock(),
            halt=desk.halt,
            effect_id=desk.effect_id,
        )

    def _patterns(self, plugin: Plugin) -> tuple[str, ...]:
        granted = self.grants().get(plugin.name)
        return granted.scope if granted else ()


@dataclass(frozen=True)
class TaskFiles:
    """`bot.sdk.context.Files` over the workspace of a task: what it reads there was weighed by policy before."""

    desk: Desk

    def read(self, path: str, *, most: int = 20_000_000) -> bytes:
        with self.desk.workspace.open_read(path) as file:
            content = file.read(most + 1)
        if len(content) > most:
            raise ToolError(f"{self.name(path)} is larger than {most:,} bytes, and was not sent.")
        return content

    def name(self, path: str) -> str:
        return self.desk.name(path)

    def keep(self, name: str, content: bytes) -> str:
        folder = self.desk.own_folder / _FOLDER
        if not self.desk.workspace.exists(str(folder)):
            self.desk.workspace.make_folder(str(folder))
        path = self._free(folder / PurePath(name).name)
        self.desk.workspace.write_new(path, content)
        return path

    def as_markdown(self, name: str, content: bytes) -> str:
        document = documents.read(io.BytesIO(content), name, size=len(content), halt=self.desk.halt)
        return document.text

    def _free(self, wanted: PurePath) -> str:
        for number in range(_MOST_NAMES):
            path = wanted if number == 0 else wanted.with_stem(f"{wanted.stem}-{number + 1}")
            if not self.desk.workspace.exists(str(path)):
                return str(path)
        raise ToolError(f"There are {_MOST_NAMES:,} files called {wanted.name} already. Nothing was written.")
