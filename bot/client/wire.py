"""Requests to Cowork: tried again only where that does nothing twice, and streams that go on where they were cut."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import httpx2

from bot.client.errors import ClientError, Unavailable, of_answer

_AWAY = frozenset({429, 502, 503, 504})
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_QUIET = 60.0
"""Seconds: a stream says every fifteen that it is still here."""
_STILL_HERE = ": still here"


class Wire:
    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout: float,
        tries: int,
        transport: httpx2.BaseTransport | None,
        sleep: Callable[[float], None],
    ) -> None:
        headers = {"Authorization": f"Bearer {token}", "User-Agent": "cowork-python"}
        self._http = httpx2.Client(base_url=url, headers=headers, timeout=timeout, transport=transport)
        self._tries = tries
        self._sleep = sleep

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        given = {name: one for name, one in query.items() if one is not None}
        return _said(self._sent("GET", path, params=given))

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, key: str = "") -> Any:
        """With a `key` it may be sent again: the same key is the same request."""
        headers = {"Idempotency-Key": key} if key else {}
        return _said(self._sent("POST", path, json=body, headers=headers, is_safe=bool(key)))

    def content(self, path: str) -> bytes:
        return self._sent("GET", path).content

    def events(self, path: str, after: int, *, ends: float | None = None) -> Iterator[dict[str, Any] | None]:
        """News as it comes, None when there was none for a while; to its end, or to the moment `ends` (of `clock`)."""
        seen, failed = after, 0
        while ends is None or clock() < ends:
            cut: httpx2.TransportError | None = None
            try:
                for one in self._streamed(path, seen, _QUIET if ends is None else ends - clock()):
                    failed = 0
                    if one is not None:
                        seen = int(one["id"])
                    yield one
            except _Over:
                return
            except httpx2.TransportError as error:
                cut = error
            if failed and (ends is None or clock() < ends):
                self._sleep(_pause(failed))
            failed += 1
            if failed > self._tries:
                raise _unreached(cut or httpx2.ReadError("the stream ends again and again"))

    def _streamed(self, path: str, after: int, quiet: float) -> Iterator[dict[str, Any] | None]:
        headers = {"Last-Event-ID": str(after)} if after else {}
        timeout = httpx2.Timeout(self._http.timeout.connect, read=min(_QUIET, max(quiet, 0.05)))
        with self._http.stream("GET", path, headers=headers, timeout=timeout) as answer:
            if answer.status_code == 204:
                raise _Over
            if answer.status_code in _AWAY:
                raise httpx2.ReadError(f"HTTP {answer.status_code}")
            if answer.status_code != 200:
                raise of_answer(answer.status_code, answer.read())
            yield from _parsed(answer.iter_lines())

    def _sent(self, method: str, path: str, *, is_safe: bool = True, **given: Any) -> httpx2.Response:
        """`is_safe`: to send it twice does nothing twice. Else only what surely was not done is sent again."""
        for tried in range(1, self._tries + 1):
            try:
                answer = self._http.request(method, path, **given)
            except httpx2.TransportError as error:
                never_sent = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
                if tried == self._tries or not (is_safe or never_sent):
                    raise _unreached(error, is_unknown=not (is_safe or never_sent)) from error
                self._sleep(_pause(tried))
                continue
            if answer.is_success:
                return answer
            may_again = answer.status_code in _AWAY and (is_safe or _is_refusal(answer))
            if tried == self._tries or not may_again:
                raise of_answer(answer.status_code, answer.content)
            self._sleep(_asked_for(answer) or _pause(tried))
        raise AssertionError("there is at least one try")


class _Over(Exception):
    """Everything was told."""


def _parsed(lines: Iterable[str]) -> Iterator[dict[str, Any] | None]:
    """Server-sent events. One that was cut off in its middle is none; why a stream was closed, the next answer says."""
    kind = text = ""
    for line in lines:
        name, _, value = line.partition(":")
        if name == "event":
            kind = value.strip()
        elif name == "data":
            text = value.strip()
        elif line == _STILL_HERE:
            yield None
        elif not line and text:
            if kind == "closed":
                return
            yield json.loads(text)
            kind = text = ""


def _said(answer: httpx2.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        why = f"What answers at {answer.url} is not Cowork: it sent no JSON."
        raise ClientError(why, status=answer.status_code) from error


def _is_refusal(answer: httpx2.Response) -> bool:
    """Whether it says that nothing was done."""
    return answer.status_code == 429 or (answer.status_code == 503 and "retry-after" in answer.headers)


def _pause(tried: int) -> float:
    return min(_FIRST_PAUSE * 2.0 ** (tried - 1), _LONGEST_PAUSE)


def _asked_for(answer: httpx2.Response) -> float:
    said = answer.headers.get("retry-after", "")
    return min(float(said), _LONGEST_PAUSE) if said.isdigit() else 0.0


def _unreached(error: httpx2.TransportError, *, is_unknown: bool = False) -> Unavailable:
    what = (
        "Whether it was done is not known: look at the task."
        if is_unknown
        else "Nothing was lost: try again later."
    )
    return Unavailable(f"Cowork was not reached ({type(error).__name__}: {error}). {what}")


def clock() -> float:
    return time.monotonic()
