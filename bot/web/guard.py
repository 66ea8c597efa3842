"""At the door of what programs reach: whom the request is for, how large it is, and what is said with every answer."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.problems import Problem

MOST_BYTES = 1_000_000
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SAID = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))


class Guard:
    """Only for hosts that are ours: a page that has its name point to this machine gets nothing (DNS rebinding).

    An `Origin` that is given has to be ours, too: no page of anybody else's acts with what a browser holds.
    What the app puts into `scope["state"]["said"]` goes out as headers.
    """

    def __init__(self, app: ASGIApp, *, public_url: str = "", most_bytes: int = MOST_BYTES) -> None:
        self._app = app
        self._hosts = _LOOPBACK | {urlsplit(public_url).hostname or "localhost"}
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if (refusal := self._refusal(headers)) is not None:
            await refusal.response()(scope, receive, send)
            return
        said: list[tuple[bytes, bytes]] = scope.setdefault("state", {}).setdefault("said", [])
        body = _Body(receive, self._most)
        is_begun = False

        async def answer(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                message = {**message, "headers": [*message["headers"], *_fresh(message, said)]}
            await send(message)

        try:
            await self._app(scope, body, answer)
        except TooLarge:
            if not is_begun:
                await too_large(self._most).response()(scope, receive, send)

    def _refusal(self, headers: Headers) -> Problem | None:
        if not _is_of(f"//{headers.get('host', '')}", self._hosts):
            return Problem.of(
                421,
                "This address is not served under that name.",
                "Use the address of COWORK_PUBLIC_URL, or localhost.",
            )
        origin = headers.get("origin")
        if origin is not None and not _is_of(origin, self._hosts):
            return Problem.of(
                403, "Pages of other sites may not ask here.", "Ask from a program, without an Origin header."
            )
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdigit() and int(length) > self._most:
            return too_large(self._most)
        return None


class TooLarge(HTTPException):
    """The body goes on past what is taken. Frameworks let this pass as it is."""

    def __init__(self) -> None:
        super().__init__(413)


class _Body:
    """Counts what comes in, whatever its length was said to be."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise TooLarge
        return message


def too_large(most: int) -> Problem:
    """What to do with a text that is longer than that."""
    return Problem.of(
        413,
        f"The request has more than {most:,} bytes.",
        "Put the long part in a file in a granted folder and name that file in the goal.",
    )


def _is_of(address: str, hosts: Collection[str]) -> bool:
    try:
        return urlsplit(address).hostname in hosts
    except ValueError:
        return False


def _fresh(message: Message, said: Collection[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    there = {name.lower() for name, _ in message["headers"]}
    return [(name, value) for name, value in (*_SAID, *said) if name not in there]
