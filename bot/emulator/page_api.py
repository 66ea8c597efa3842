"""The page's endpoints: its files, what it reads and does, and the news it hears."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.emulator import users
from bot.emulator.broadcast import Audience
from bot.emulator.edge import Edge
from bot.emulator.page_reads import READS
from bot.emulator.page_writes import WRITES
from bot.emulator.person import Person
from bot.emulator.wire import Json, SlackError
from bot.emulator.workspace import Workspace

PAGE = Path(__file__).parent / "page"
_PING_SECONDS = 15.0
_WORDS = {
    "channel_not_found": "That channel does not exist, or you cannot see it.",
    "is_archived": "This channel has been archived.",
    "not_in_channel": "You are not a member of this channel.",
    "no_text": "Write something first.",
    "message_not_found": "This message no longer exists.",
    "thread_not_found": "This thread no longer exists.",
    "cant_update_message": "You can only edit your own messages.",
    "cant_delete_message": "You cannot delete this message.",
    "already_reacted": "You have already reacted with this.",
    "no_reaction": "There is no such reaction of yours.",
    "cant_leave_general": "Nobody can leave #general.",
    "user_not_found": "There is no such person.",
    "block_not_found": "This part of the message is no longer there.",
    "view_not_found": "This window is no longer open.",
    "session_not_processing": "Nothing is running here.",
    "interactivity_not_enabled": "The manifest does not enable interactivity.",
}


class PageApi:
    def __init__(self, ws: Workspace, edge: Edge) -> None:
        self._ws = ws
        self._edge = edge

    def routes(self) -> list[Route]:
        return [
            Route("/", self.index),
            Route("/page/api/stream", self.stream),
            Route("/page/api/upload", self.upload, methods=["POST"]),
            Route("/page/api/{name}", self.read, methods=["GET"]),
            Route("/page/api/{name}", self.write, methods=["POST"]),
            Route("/page/{file:path}", self.file),
        ]

    async def index(self, request: Request) -> Response:
        return _file("index.html")

    async def file(self, request: Request) -> Response:
        return _file(request.path_params["file"])

    async def read(self, request: Request) -> Response:
        act = READS.get(request.path_params["name"])
        if act is None:
            return _unknown()
        query = dict(request.query_params)
        person = query.get("as") or self._first_person()
        return await self._edge.thread(self._answer, person, lambda who: act(who, query), True)

    async def write(self, request: Request) -> Response:
        act = WRITES.get(request.path_params["name"])
        if act is None:
            return _unknown()
        if not request.headers.get("content-type", "").startswith("application/json"):
            return _malformed("the body must be JSON")
        try:
            body = json.loads(await request.body())
        except ValueError:
            return _malformed("the body must be JSON")
        return await self._edge.thread(
            self._answer, str(body.get("as", "")), lambda who: act(who, body), False
        )

    async def upload(self, request: Request) -> Response:
        form = await request.form()
        upload = form.get("file")
        if not isinstance(upload, UploadFile):
            return _malformed("the form needs a file")
        name, body = upload.filename or "file", await upload.read()
        return await self._edge.thread(
            self._answer, str(form.get("as", "")), lambda who: {"file": who.upload(name, body)}, False
        )

    async def stream(self, request: Request) -> Response:
        person = request.query_params.get("as", "")
        audience = Audience(person)
        self._ws.broadcast.join(audience)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._news(audience), media_type="text/event-stream", headers=headers)

    async def _news(self, audience: Audience) -> AsyncIterator[str]:
        try:
            yield _event("hello", {"seq": self._ws.log.last})
            while True:
                try:
                    news = await audience.next(_PING_SECONDS)
                except TimeoutError:
                    yield ": ping\n\n"
                    continue
                if news is None:
                    return
                yield _event(*news)
        finally:
            self._ws.broadcast.leave(audience)

    def _first_person(self) -> str:
        """Who someone looks as that has not chosen yet."""
        with self._ws.lock:
            return next(str(user["id"]) for user in users.every(self._ws) if not user["is_bot"])

    def _answer(self, user_id: str, act: Callable[[Person], Json], reading: bool) -> Response:
        with self._ws.lock:
            user = self._ws.store.get("user", user_id)
        if user is None or user["is_bot"]:
            return JSONResponse(_refusal("user_not_found"), 400)
        person = Person(self._ws, user_id)
        try:
            if reading:
                with self._ws.lock:
                    return JSONResponse({"ok": True, **act(person)})
            return JSONResponse({"ok": True, **act(person)})
        except SlackError as refusal:
            return JSONResponse(_refusal(refusal.code, refusal.details.get("message")))
        except (KeyError, TypeError, AttributeError) as missing:
            return _malformed(f"the request is not complete: {missing}")


def _file(name: str) -> Response:
    path = (PAGE / name).resolve()
    if not path.is_relative_to(PAGE.resolve()) or not path.is_file():
        return PlainTextResponse("Not Found", 404)
    return FileResponse(path, headers={"Cache-Control": "no-store"})


def _event(name: str, news: Json) -> str:
    return f"event: {name}\ndata: {json.dumps(news)}\n\n"


def _refusal(code: str, words: str | None = None) -> Json:
    shown = words or _WORDS.get(code) or f"That did not work: {code.replace('_', ' ')}."
    return {"ok": False, "error": code, "message": shown}


def _malformed(words: str) -> Response:
    return JSONResponse({"ok": False, "error": "invalid_arguments", "message": words}, 400)


def _unknown() -> Response:
    return JSONResponse(_refusal("not_found"), 404)
