"""Slack's deliveries over HTTP: the same listeners, run on a thread beside the event loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from anyio import to_thread
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.requests import Request
from starlette.responses import Response

MOST_BYTES: Final = 5_000_000


def handler(app: App) -> Callable[[Request], Awaitable[Response]]:
    """For `/slack/events`. Bolt checks the signature."""

    async def handle(request: Request) -> Response:
        if int(request.headers.get("content-length") or 0) > MOST_BYTES:
            return Response(status_code=413)
        body = await request.body()
        answer = await to_thread.run_sync(app.dispatch, to_bolt_request(request, body))
        return to_starlette_response(answer)

    return handle
