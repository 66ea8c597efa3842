"""Another Slack double than our local one: only HTTP delivery, signed as Slack does; it keeps what it is sent."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.web.server import Server

SECRET = "other-signing-secret"
TOKEN = "xoxb-other"
CHANNEL = "C0OTHER"
USER = "U0OTHER"


class OtherSlack:
    def __init__(self) -> None:
        self.messages: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.errors: list[str] = []
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()
        self._server = Server(host="127.0.0.1", port=0)
        self.api_url = f"{self._server.url}/api/"
        self._server.start(
            Starlette(
                routes=[
                    Route("/api/{method}", self._method, methods=["GET", "POST"]),
                    Route("/upload/{id}", self._upload, methods=["POST"]),
                ]
            )
        )

    def stop(self) -> None:
        self._server.stop()

    def command(self, events_url: str, text: str) -> int:
        """Someone types `/cowork TEXT`; the status of the acknowledgement."""
        number = next(self._numbers)
        form = {
            "command": "/cowork",
            "text": text,
            "team_id": "T0OTHER",
            "team_domain": "other",
            "channel_id": CHANNEL,
            "channel_name": "general",
            "user_id": USER,
            "user_name": "olga",
            "api_app_id": "A0OTHER",
            "is_enterprise_install": "false",
            "trigger_id": f"{number}.trigger",
            "response_url": f"{self._server.url}/api/response",
            "token": "legacy",
        }
        return self._deliver(events_url, urlencode(form)).status_code

    def click(self, events_url: str, message: dict[str, Any], label: str) -> int:
        """Someone clicks the button with this label."""
        block, element = next(
            (block, element)
            for block in message["blocks"]
            for element in block.get("elements", ())
            if element.get("type") == "button" and element["text"]["text"] == label
        )
        action = {
            "type": "button",
            "action_id": element["action_id"],
            "block_id": block.get("block_id", "b"),
            "value": element.get("value", ""),
            "text": element["text"],
            "action_ts": f"{time.time():.6f}",
        }
        payload = {
            "type": "block_actions",
            "team": {"id": "T0OTHER", "domain": "other"},
            "user": {"id": USER, "username": "olga", "name": "olga", "team_id": "T0OTHER"},
            "api_app_id": "A0OTHER",
            "token": "legacy",
            "container": {
                "type": "message",
                "message_ts": message["ts"],
                "channel_id": CHANNEL,
                "is_ephemeral": False,
                "thread_ts": message.get("thread_ts"),
            },
            "trigger_id": f"{next(self._numbers)}.trigger",
            "channel": {"id": CHANNEL, "name": "general"},
            "message": message,
            "state": {"values": {}},
            "response_url": f"{self._server.url}/api/response",
            "actions": [action],
        }
        return self._deliver(events_url, urlencode({"payload": json.dumps(payload)})).status_code

    def until(self, found: Callable[[dict[str, dict[str, Any]]], Any], seconds: float = 60) -> Any:
        """Wait for a message that `found` gives; fails when none comes in time."""
        with self._changed:
            assert self._changed.wait_for(lambda: found(self.messages), seconds), list(self.messages.values())
            return found(self.messages)

    def _deliver(self, url: str, body: str) -> httpx2.Response:
        stamp = str(int(time.time()))
        digest = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": f"v0={digest}",
        }
        return httpx2.post(url, content=body, headers=headers)

    async def _method(self, request: Request) -> Response:
        method = request.path_params["method"]
        sent = dict(request.query_params)
        if "json" in request.headers.get("content-type", ""):
            sent |= json.loads(await request.body() or b"{}")
        else:
            sent |= {name: str(value) for name, value in (await request.form()).items()}
        answer = getattr(self, f"_{method.replace('.', '_')}", None)
        if answer is None:
            return JSONResponse({"ok": False, "error": "unknown_method"})
        self._complain(request, method, sent)
        with self._changed:
            answered = answer(sent)
            self._changed.notify_all()
        return JSONResponse(
            {"ok": True, **answered}, headers={"x-oauth-scopes": "chat:write,commands,files:write"}
        )

    def _complain(self, request: Request, method: str, sent: dict[str, Any]) -> None:
        """What Slack would refuse, or would let links and mentions do that the bot must not."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            self.errors.append(f"{method}: not_authed")
        if method in ("chat.postMessage", "chat.update") and not sent.get("text"):
            self.errors.append(f"{method}: no_text")
        if method == "chat.postMessage" and str(sent.get("unfurl_links")).lower() not in ("false", "0"):
            self.errors.append(f"{method}: unfurls links")

    async def _upload(self, request: Request) -> Response:
        self.files[request.path_params["id"]] = await request.body()
        return PlainTextResponse("OK")

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "team_id": "T0OTHER",
            "user_id": "U0BOT",
            "bot_id": "B0BOT",
            "team": "Other",
            "user": "cowork",
        }

    def _users_info(self, sent: dict[str, Any]) -> dict[str, Any]:
        return {
            "user": {
                "id": sent["user"],
                "name": "olga",
                "real_name": "Olga",
                "profile": {"real_name": "Olga"},
            }
        }

    def _chat_postMessage(self, sent: dict[str, Any]) -> dict[str, Any]:
        ts = f"1700000000.{next(self._numbers):06d}"
        self.messages[ts] = {"ts": ts, **sent, "blocks": _parsed(sent.get("blocks"))}
        return {"channel": CHANNEL, "ts": ts, "message": self.messages[ts]}

    def _chat_update(self, sent: dict[str, Any]) -> dict[str, Any]:
        self.messages[sent["ts"]] |= {**sent, "blocks": _parsed(sent.get("blocks"))}
        return {"channel": CHANNEL, "ts": sent["ts"], "text": sent.get("text", "")}

    def _files_getUploadURLExternal(self, sent: dict[str, Any]) -> dict[str, Any]:
        number = f"F{next(self._numbers)}"
        return {"file_id": number, "upload_url": f"{self._server.url}/upload/{number}"}

    def _files_completeUploadExternal(self, sent: dict[str, Any]) -> dict[str, Any]:
        return {"files": [{"id": file["id"]} for file in _parsed(sent["files"])]}


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else (value or [])
