"""Who may talk to the local Slack: clients on this machine, and its own page, not other web sites."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class LoopbackOnly:
    """Refuses a `Host` that is not this machine with the served port, and a foreign `Origin`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not _at_home(scope):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            refusal = {
                "ok": False,
                "error": "origin_not_allowed",
                "message": "This page is not the local Slack's own.",
            }
            await JSONResponse(refusal, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _at_home(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    name, port = _split(host)
    served = (scope.get("server") or (None, None))[1]
    unsaid = scope["type"] == "websocket" and port is None  # the SDK's socket client leaves the port out
    if name not in _LOOPBACK or not (unsaid or served is None or (port or "80") == str(served)):
        return False
    origin = headers.get("origin")
    return origin is None or origin == f"http://{host}"


def _split(host: str) -> tuple[str, str | None]:
    name, colon, port = host.rpartition(":")
    return (name, port) if colon and port.isdigit() else (host, None)
