"""The HTTP edge: whether the process lives and can work, its figures, and Slack's deliveries without Socket Mode."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

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
) -> Starlette:
    """What is not given has no address. `metrics` returns Prometheus's text; `local_slack` takes every other path.

    `connect` are the pages by which people connect their accounts.
    """
    routes: list[Route | Mount] = [Route("/healthz", _healthz)]
    if readiness is not None:
        routes.append(Route("/readyz", _readyz(readiness)))
    if metrics is not None:
        routes.append(Route("/metrics", _metrics(metrics)))
    if slack_events is not None:
        routes.append(Route("/slack/events", slack_events, methods=["POST"]))
    routes.extend(connect)
    if local_slack is not None:
        routes.append(Mount("/", app=local_slack))
    return Starlette(routes=routes)


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
