"""Why Cowork did not answer, as an answer of the protocol: what happened, what was kept, and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import httpx2

CLOSED: Final = -32000
"""The connection went away, as the SDK has it: whether it was done is not known."""
_REFUSED: Final = -32603
_UNREACHED = (
    "Cowork does not answer at {url}, so nothing was asked of it. Start it with `cowork up`, or give its address in "
    "COWORK_URL, and try again."
)
_CUT = (
    "The connection to Cowork at {url} broke before its answer came. What was asked may have been done: look with "
    "list_tasks or get_task before you ask again."
)
_HEADERS = frozenset({"content-type", "location", "mcp-session-id"})


def of_silence(error: httpx2.TransportError, url: str) -> httpx2.Response:
    never_left = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.UnsupportedProtocol)
    return (
        _answer(503, _REFUSED, _UNREACHED.format(url=url)) if never_left else _answer(502, CLOSED, cut(url))
    )


def cut(url: str) -> str:
    """Where an answer was begun, and did not come to its end."""
    return _CUT.format(url=url)


def of_answer(response: httpx2.Response, content: bytes, url: str) -> httpx2.Response:
    """As Cowork, or a proxy before it, said it; what is in the words of the protocol stays as it is."""
    told = _object(content)
    if response.status_code < 400 or "jsonrpc" in told:
        kept = {name: value for name, value in response.headers.items() if name in _HEADERS}
        return httpx2.Response(response.status_code, headers=kept, content=content)
    said = " ".join(str(told[name]) for name in ("detail", "remedy") if told.get(name))
    words = said or f"{url} answered with HTTP {response.status_code}: is that Cowork's address?"
    return _answer(response.status_code, _REFUSED, _with_token(words, response.status_code), told)


def said_in(response: httpx2.Response) -> str:
    """What a refusal says, "" where it is none of ours."""
    error = _object(response.content).get("error") if response.status_code >= 400 else None
    return str(error.get("message", "")) if isinstance(error, dict) else ""


def _with_token(words: str, status: int) -> str:
    return f"{words} This program reads it from COWORK_TOKEN or --token-file." if status == 401 else words


def _answer(status: int, code: int, words: str, told: Mapping[str, Any] | None = None) -> httpx2.Response:
    """The SDK puts the id of the request in."""
    error = {"code": code, "message": words} | ({"data": dict(told)} if told else {})
    return httpx2.Response(status, json={"jsonrpc": "2.0", "id": None, "error": error})


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
