"""Subscriptions: who listens to which of their tasks, told once for every change for as long as their token is good."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

import anyio
from anyio import to_thread
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.subscriptions import ResourceUpdated, ServerEvent
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, EmptyResult, SubscribeRequestParams, UnsubscribeRequestParams

from bot.domain.token import Token
from bot.errors import CoworkError, DatabaseOut
from bot.web.mcp.caller import caller
from bot.web.mcp.desk import Desk
from bot.web.mcp.ringing import Ringing

_LISTEN: Final = "subscriptions/listen"
_SCHEME: Final = "task://"
_LOOK: Final = 2.0
_PATIENCE: Final = 1.0
_MOST: Final = 100
"""Tasks in one subscription."""

_OPENING: Final[ContextVar[Watcher | None]] = ContextVar("cowork_mcp_opening", default=None)


@dataclass(eq=False)
class Watcher:
    """`told` is the last event of each task that it knows of. `end` is called when it may listen no more."""

    token: Token
    told: dict[int, int]
    tell: Callable[[ServerEvent], Awaitable[None] | None] = lambda _: None
    end: Callable[[], None] = field(default=lambda: None)


class Watching:
    """Both eras: a listening request of 2026-07-28, and `resources/subscribe` in the sessions before it."""

    def __init__(self, desk: Desk, ringing: Ringing) -> None:
        self._desk = desk
        self._ringing = ringing
        self._watchers: set[Watcher] = set()
        self._sessions: dict[tuple[Any, int], Watcher] = {}
        self.bus = _Bus(self._watchers)

    def serve(self, server: Server[Any]) -> None:
        server.add_request_handler("resources/subscribe", SubscribeRequestParams, self._subscribe)
        server.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, self._unsubscribe)

    async def admit(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Only to tasks that are the caller's to see. It ends with the token."""
        if ctx.method != _LISTEN:
            return await call_next(ctx)
        watcher = await self._watcher(_asked_for(ctx))
        with anyio.CancelScope() as scope:
            watcher.end = scope.cancel
            _OPENING.set(watcher)
            try:
                return await call_next(ctx)
            finally:
                self._watchers.discard(watcher)
        raise MCPError(INVALID_PARAMS, "The token is over, or a task is not yours to see any more.")

    async def run(self) -> None:
        """Until cancelled: looks when something happened, and now and then whether the tokens are good."""
        seen, due = self._ringing.rung, anyio.current_time() + _LOOK
        while True:
            seen = await self._ringing.wait(seen, _LOOK)
            if is_due := anyio.current_time() >= due:
                due = anyio.current_time() + _LOOK
            if self._watchers:
                with contextlib.suppress(DatabaseOut):
                    await self._look(at_all=is_due)

    async def _look(self, *, at_all: bool) -> None:
        """At those who have news, whenever there is some; whether the others are still welcome can wait."""
        watchers = list(self._watchers)
        wanted = {task_id for watcher in watchers for task_id in watcher.told}
        latest = await to_thread.run_sync(self._desk.latest, wanted)
        for watcher in watchers:
            has_news = any(latest.get(task_id, 0) > seen for task_id, seen in watcher.told.items())
            if not (has_news or at_all):
                continue
            if not await self._is_welcome(watcher):
                self._watchers.discard(watcher)
                watcher.end()
                continue
            for task_id, seen in list(watcher.told.items()):
                if latest.get(task_id, 0) > seen:
                    watcher.told[task_id] = latest[task_id]
                    await self._tell(watcher, f"{_SCHEME}{task_id}")

    async def _tell(self, watcher: Watcher, uri: str) -> None:
        """One that does not read, or is gone, is told nothing more: the others do not wait for it."""
        with anyio.move_on_after(_PATIENCE) as patience:
            try:
                told = watcher.tell(ResourceUpdated(uri=uri))
                if told is not None:
                    await told
                return
            except (anyio.ClosedResourceError, anyio.BrokenResourceError):
                pass
        if patience.cancelled_caught:
            watcher.end()
        self._watchers.discard(watcher)

    async def _is_welcome(self, watcher: Watcher) -> bool:
        try:
            await to_thread.run_sync(self._desk.still_sees, watcher.token, tuple(watcher.told))
        except DatabaseOut:
            raise
        except CoworkError:
            return False
        return True

    async def _watcher(self, uris: list[str]) -> Watcher:
        if len(uris) > _MOST:
            raise MCPError(
                INVALID_PARAMS, f"Listen to {_MOST} tasks at most, and to others in another request."
            )
        task_ids = [_task_id(uri) for uri in uris]
        token = caller()
        try:
            await to_thread.run_sync(self._desk.still_sees, token, task_ids)
        except CoworkError as error:
            raise MCPError(INVALID_PARAMS, str(error)) from error
        latest = await to_thread.run_sync(self._desk.latest, task_ids)
        return Watcher(token=token, told={task_id: latest.get(task_id, 0) for task_id in task_ids})

    async def _subscribe(
        self, ctx: ServerRequestContext[Any, Any], params: SubscribeRequestParams
    ) -> EmptyResult:
        watcher = await self._watcher([str(params.uri)])
        connection = ctx.session._connection  # the only thing that lives as long as the session does
        key = connection, _task_id(str(params.uri))

        async def tell(event: ServerEvent) -> None:
            assert isinstance(event, ResourceUpdated)
            await ctx.session.send_resource_updated(event.uri)

        watcher.tell = tell
        self._dropped(key)
        self._sessions[key] = watcher
        self._watchers.add(watcher)
        connection.exit_stack.callback(self._dropped, key)
        return EmptyResult()

    async def _unsubscribe(
        self, ctx: ServerRequestContext[Any, Any], params: UnsubscribeRequestParams
    ) -> EmptyResult:
        self._dropped((ctx.session._connection, _task_id(str(params.uri))))
        return EmptyResult()

    def _dropped(self, key: tuple[Any, int]) -> None:
        if (watcher := self._sessions.pop(key, None)) is not None:
            self._watchers.discard(watcher)


class _Bus:
    """What the SDK's listening requests hang on to: each is the watcher that was just admitted."""

    def __init__(self, watchers: set[Watcher]) -> None:
        self._watchers = watchers

    async def publish(self, event: ServerEvent) -> None:
        """Nothing is told to all: the tools and resources are the same for ever, and a task is its watchers' own."""

    def subscribe(self, listener: Callable[[ServerEvent], None]) -> Callable[[], None]:
        watcher = _OPENING.get()
        assert watcher is not None
        watcher.tell = listener
        self._watchers.add(watcher)
        return lambda: self._watchers.discard(watcher)


def _asked_for(ctx: ServerRequestContext[Any, Any]) -> list[str]:
    wanted = (ctx.params or {}).get("notifications")
    uris = wanted.get("resourceSubscriptions") if isinstance(wanted, dict) else None
    return [str(uri) for uri in uris] if isinstance(uris, list) else []


def _task_id(uri: str) -> int:
    number = uri.removeprefix(_SCHEME)
    if number == uri or not (number.isascii() and number.isdigit() and len(number) <= 15):
        raise MCPError(INVALID_PARAMS, f"Only tasks can be listened to, such as {_SCHEME}12.")
    return int(number)
