"""The knobs: faults to order and things to do to the workspace, for tests and the inspector."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.emulator import channels, memberships, messages, streams, triggers
from bot.emulator.edge import Edge
from bot.emulator.faults import Fault
from bot.emulator.methods.apps import remove_app
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace


class Control:
    def __init__(self, ws: Workspace) -> None:
        self._ws = ws

    def fail_next(
        self,
        method: str | None = None,
        *,
        status: int = 429,
        error: str | None = None,
        retry_after: float | None = None,
        times: int = 1,
    ) -> None:
        """Answer the next calls (of this method) with an error instead of doing what they ask."""
        self._order(
            Fault(
                kind="fail", method=method, status=status, error=error, retry_after=retry_after, times=times
            )
        )

    def lose_answer(self, method: str | None = None, times: int = 1) -> None:
        """Do what the next call asks, then drop the connection."""
        self._order(Fault(kind="lose_answer", method=method, times=times))

    def drop_call(self, method: str | None = None, times: int = 1) -> None:
        """Drop the connection of the next call without doing what it asks."""
        self._order(Fault(kind="drop_call", method=method, times=times))

    def slow(self, seconds: float, method: str | None = None, times: int = 1) -> None:
        self._order(Fault(kind="slow", method=method, seconds=seconds, times=times))

    def duplicate_next_event(self, times: int = 1) -> None:
        self._order(Fault(kind="duplicate_event", times=times))

    def delay_next_event(self, seconds: float) -> None:
        self._order(Fault(kind="delay_event", seconds=seconds))

    def drop_ack(self, times: int = 1) -> None:
        """Lose the next acknowledgement on its way."""
        self._order(Fault(kind="drop_ack", times=times))

    def expire_triggers(self) -> None:
        with self._ws.lock:
            triggers.expire(self._ws)

    def refresh_sockets(self) -> None:
        self._ws.delivery.sockets.refresh()

    def kill_sockets(self) -> None:
        self._ws.delivery.sockets.kill()

    def archive(self, channel: str) -> None:
        with self._ws.lock:
            memberships.archive(self._ws, self._channel(channel), archived=True)

    def unarchive(self, channel: str) -> None:
        with self._ws.lock:
            memberships.archive(self._ws, self._channel(channel), archived=False)

    def remove_bot(self, channel: str) -> None:
        with self._ws.lock:
            memberships.leave(self._ws, self._channel(channel), self._ws.bot_user)

    def delete_message(self, channel: str, ts: str) -> None:
        """Delete any message, as an admin would."""
        with self._ws.lock:
            place = self._channel(channel)
            messages.delete(self._ws, place, messages.found(self._ws, place, ts))

    def stop_stream(self, channel: str, ts: str) -> None:
        with self._ws.lock:
            place = self._channel(channel)
            thread = messages.found(self._ws, place, ts)["thread_ts"]
            streams.end_by_person(self._ws, place, thread)

    def stream_lifetime(self, seconds: float) -> None:
        self._ws.timings.stream = seconds

    def advance_clock(self, seconds: float) -> None:
        self._ws.advance(seconds)

    def uninstall(self) -> None:
        with self._ws.lock:
            remove_app(self._ws)

    def reinstall(self) -> None:
        with self._ws.lock:
            self._ws.installation.revive()

    def clear(self) -> None:
        self._ws.faults.clear()

    def _order(self, fault: Fault) -> None:
        self._ws.faults.order(fault)

    def _channel(self, name: str) -> Json:
        found = channels.named(self._ws, name.removeprefix("#"))
        return found or channels.found(self._ws, name)

    @property
    def knobs(self) -> Mapping[str, Callable[..., None]]:
        """Every knob by the name that `POST /control/faults` calls it."""
        own = (
            self.fail_next,
            self.lose_answer,
            self.drop_call,
            self.slow,
            self.duplicate_next_event,
            self.delay_next_event,
            self.drop_ack,
            self.expire_triggers,
            self.refresh_sockets,
            self.kill_sockets,
            self.archive,
            self.unarchive,
            self.remove_bot,
            self.delete_message,
            self.stop_stream,
            self.stream_lifetime,
            self.advance_clock,
            self.uninstall,
            self.reinstall,
            self.clear,
        )
        return {knob.__name__: knob for knob in own}


class ControlApi:
    def __init__(self, ws: Workspace, control: Control, edge: Edge) -> None:
        self._ws = ws
        self._control = control
        self._edge = edge

    def routes(self) -> list[Route]:
        return [
            Route("/control/log", self.log),
            Route("/control/faults", self.active, methods=["GET"]),
            Route("/control/faults", self.order, methods=["POST"]),
            Route("/page/api/faults", self.order, methods=["POST"]),
        ]

    async def log(self, request: Request) -> Response:
        query = request.query_params
        since = int(query.get("since", "0"))
        entries = self._ws.log.entries(since=since, name=query.get("method"), kind=query.get("kind"))
        return JSONResponse({"ok": True, "entries": [entry.whole() for entry in entries]})

    async def active(self, request: Request) -> Response:
        return JSONResponse({"ok": True, "active": self._ws.faults.active()})

    async def order(self, request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse(_refused("the body must be JSON"), 400)
        try:
            given: dict[str, Any] = json.loads(await request.body())
        except ValueError:
            return JSONResponse(_refused("the body must be JSON"), 400)
        knob = self._control.knobs.get(str(given.pop("fault", "")))
        given.pop("as", None)
        if knob is None:
            return JSONResponse(_refused("unknown fault"), 400)
        try:
            await self._edge.thread(lambda: knob(**given))
        except (TypeError, SlackError) as refusal:
            return JSONResponse(_refused(str(refusal)), 400)
        self._ws.log.add("fault", knob.__name__, request=given)
        return JSONResponse({"ok": True})


def _refused(words: str) -> Json:
    return {"ok": False, "error": "invalid_arguments", "message": words}
