"""The endpoints that the app uses: Web API, upload, response URLs, private files, consent."""

from __future__ import annotations

import asyncio
import base64
import json
import urllib.parse
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from bot.emulator import files, responses, web_api
from bot.emulator.arguments import Arguments
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace

T = TypeVar("T")
_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "application/pdf")


class Edge:
    """Reads requests in the event loop and answers them in threads of its own."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._pool = ThreadPoolExecutor(32, thread_name_prefix="local-slack")

    def routes(self) -> list[Route | WebSocketRoute]:
        return [
            Route("/api/{method}", self.api, methods=["GET", "POST"]),
            Route("/upload/v1/{file}", self.upload, methods=["POST"]),
            Route("/response/{key}", self.response, methods=["POST"]),
            Route("/files-pri/{file}/{name}", self.download),
            Route("/oauth/v2/authorize", self.authorize),
            WebSocketRoute("/socket", self.socket),
        ]

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def thread(self, work: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *args)

    async def api(self, request: Request) -> Response:
        self._ws.origin = f"http://{request.headers['host']}"
        given, token = await _arguments(request)
        name = request.path_params["method"]
        found = await self.thread(web_api.answer, self._ws, name, Arguments(given), token)
        if found.lost:
            _break(request)
        return JSONResponse(found.body, found.status, found.headers)

    async def upload(self, request: Request) -> Response:
        body = await request.body()
        file = await self.thread(self._receive, request.path_params["file"], body)
        return PlainTextResponse(f"OK - {file['size']}") if file else Response(status_code=404)

    async def response(self, request: Request) -> Response:
        try:
            body = json.loads(await request.body() or b"{}")
            await self.thread(self._respond, request.path_params["key"], body)
        except SlackError as refusal:
            status = 404 if refusal.code.endswith("_url") else 400
            return JSONResponse(refusal.answer(), status)
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        return PlainTextResponse("ok")

    async def download(self, request: Request) -> Response:
        found = await self.thread(self._open, request)
        if found is None:
            return JSONResponse({"ok": False, "error": "access_denied"}, 403)
        file, body = found
        inline = file["mimetype"] in _INLINE and "download" not in request.query_params
        name = urllib.parse.quote(file["name"])
        headers = {
            "Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{name}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
        }
        return Response(body, media_type=file["mimetype"], headers=headers)

    async def authorize(self, request: Request) -> Response:
        """The consent page, which here consents at once."""
        query = request.query_params
        target = query.get("redirect_uri", "")
        if query.get("client_id") != self._ws.installation.client_id:
            return PlainTextResponse("invalid_client_id", 400)
        if not self._ws.app.may_redirect_to(target):
            return PlainTextResponse("bad_redirect_uri", 400)
        code = await self.thread(self._consent, target)
        answer = urllib.parse.urlencode({"code": code, "state": query.get("state", "")})
        return RedirectResponse(f"{target}{'&' if '?' in target else '?'}{answer}", 302)

    async def socket(self, websocket: WebSocket) -> None:
        await self._ws.delivery.sockets.serve(websocket)

    def _receive(self, file_id: str, body: bytes) -> Json | None:
        with self._ws.lock:
            file = self._ws.store.get("file", file_id)
            if file is None or file["state"] != "begun":
                return None
            return files.receive(self._ws, file_id, body)

    def _respond(self, key: str, body: Json) -> None:
        with self._ws.lock:
            try:
                responses.respond(self._ws, key, body)
                self._ws.log.add("call", "response_url", request=body)
            except SlackError as refusal:
                self._ws.log.add("call", "response_url", error=refusal.code, request=body, status=400)
                detail = (refusal.details.get("response_metadata") or {}).get("messages") or []
                self._ws.log.warn("rejected_blocks", f"response_url: {refusal.code}", detail=detail)
                raise

    def _open(self, request: Request) -> tuple[Json, bytes] | None:
        with self._ws.lock:
            reader = self._reader(request)
            file = self._ws.store.get("file", request.path_params["file"])
            if reader is None or file is None or not files.reachable(self._ws, file, reader):
                return None
            return file, self._ws.store.content(file["id"]) or b""

    def _reader(self, request: Request) -> str | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            try:
                self._ws.installation.check_bot(token.strip())
            except SlackError:
                return None
            return self._ws.bot_user if "files:read" in self._ws.app.scopes else None
        return request.query_params.get("as")

    def _consent(self, redirect_uri: str) -> str:
        with self._ws.lock:
            return self._ws.installation.code(redirect_uri)


async def _arguments(request: Request) -> tuple[Json, str]:
    """The call's arguments and its token."""
    given: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        body = _json(await request.body())
        given |= body
    elif request.method == "POST":
        given |= dict(await request.form())
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given, credentials.strip()
    if scheme.lower() == "basic":
        given |= _client(credentials)
    return given, str(given.get("token") or "").strip()


def _client(credentials: str) -> Json:
    """The client id and secret, which the SDK sends as basic authorization."""
    try:
        client_id, _, secret = base64.b64decode(credentials).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": secret}


def _json(body: bytes) -> Json:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _break(request: Request) -> None:
    """Drop the connection under the caller, so that it never hears the answer."""
    transport = getattr(getattr(request.receive, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()
