"""The HTTP edge: whether the process lives, and Slack's deliveries where there is no Socket Mode."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

Handler = Callable[[Request], Awaitable[Response]]


def build(*, slack_events: Handler, local_slack: ASGIApp | None = None) -> Starlette:
    """`local_slack` takes every path that is not ours."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    routes: list[Route | Mount] = [
        Route("/healthz", healthz),
        Route("/slack/events", slack_events, methods=["POST"]),
    ]
    if local_slack is not None:
        routes.append(Mount("/", app=local_slack))
    return Starlette(routes=routes)
