"""The HTTP edge: whether the process lives and can work, its figures, and Slack's deliveries without Socket Mode."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.readiness import Readiness

Handler = Callable[[Request], Awaitable[Response]]

_METRICS = "text/plain; version=0.0.4; charset=utf-8"


def build(
    *,
    slack_events: Handler | None = None,
    local_slack: ASGIApp | None = None,
    readiness: Readiness | None = None,
    metrics: Callable[[], bytes] | None = None,
    connect: Sequence[Route] = (),
    programs: Mapping[str, ASGIApp] = MappingProxyType({}),
) -> Starlette:
    """What is not given has no address. `metrics` returns Prometheus's text; `local_slack` takes every other path.

    `connect` are the pages by which people connect their accounts. `programs` are apps for programs by what their
    paths begin with, which they are given whole.
    """
    routes: list[BaseRoute] = [Route("/healthz", _healthz)]
    if readiness is not None:
        routes.append(Route("/readyz", _readyz(readiness)))
    if metrics is not None:
        routes.append(Route("/metrics", _metrics(metrics)))
    if slack_events is not None:
        routes.append(Route("/slack/events", slack_events, methods=["POST"]))
    routes.extend(connect)
    routes.extend(_Below(prefix, app) for prefix, app in programs.items())
    if local_slack is not None:
        routes.append(Mount("/", app=local_slack))
    return Starlette(routes=routes)


class Later:
    """An app that is made by its first request: what it imports costs a start nothing."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if app is None:
            app = await to_thread.run_sync(self._made)
        await app(scope, receive, send)

    def _made(self) -> ASGIApp:
        with self._lock:
            if self._app is None:
                self._app = self._make()
            return self._app


class _Below(BaseRoute):
    """Everything at a path and below it, by whatever method."""

    def __init__(self, prefix: str, app: ASGIApp) -> None:
        self._prefix = prefix
        self._app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        is_here = scope["type"] == "http" and f"{scope['path']}/".startswith(f"{self._prefix}/")
        return (Match.FULL if is_here else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


async def _healthz(_: Request) -> Response:
    """The process answers: it looks at nothing else."""
    return JSONResponse({"status": "ok"})


def _readyz(readiness: Readiness) -> Handler:
    async def readyz(_: Request) -> Response:
        report = await to_thread.run_sync(readiness.report)
        return JSONResponse(report, status_code=200 if report["status"] == "ready" else 503)

    return readyz


def _metrics(page: Callable[[], bytes]) -> Handler:
    async def metrics(_: Request) -> Response:
        return Response(await to_thread.run_sync(page), headers={"content-type": _METRICS})

    return metrics
