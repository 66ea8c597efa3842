"""Linear over the wire: one POST a question, sent once, and its errors in our words."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NoReturn

import httpx2

from bot.sdk import Connection, SignInNeeded, ToolError, Unavailable

TIMEOUT = 30.0
MOST_BYTES = 5_000_000
MOST_NAMES = 1_000
"""How many users, labels or projects are looked through for a name."""
_PER_PAGE = 250


@dataclass(frozen=True, kw_only=True)
class Linear:
    """For one call."""

    url: str
    authorization: str = field(repr=False)

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The answer's data. Raises `ToolError`, `SignInNeeded`, `Unavailable`."""
        status, headers, body = self._sent({"query": document, "variables": variables})
        answer = _parsed(body)
        errors = answer.get("errors") or []
        if status in (401, 429) or status >= 500 or errors:
            _refused(status, headers, errors)
        data = answer.get("data")
        if status != 200 or not isinstance(data, dict):
            raise ToolError(f"Linear answered {status} and nothing that can be read. Try again later.")
        return data

    def page(self, document: str, first: int, after: str = "", **variables: Any) -> tuple[list[Any], str]:
        """Rows of the one listing that the document asks for, and the cursor of the next ones ("" for none)."""
        (found,) = self.ask(document, first=first, after=after or None, **variables).values()
        return rows_of(found)

    def every(self, document: str) -> list[Any]:
        """The rows of all pages, up to `MOST_NAMES`."""
        rows, cursor = self.page(document, _PER_PAGE)
        while cursor and len(rows) < MOST_NAMES:
            more, cursor = self.page(document, _PER_PAGE, cursor)
            rows += more
        return rows

    def _sent(self, asked: Mapping[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
        headers = {"Authorization": self.authorization}
        try:
            with (
                httpx2.Client(timeout=TIMEOUT, headers=headers, verify=_trusted()) as client,
                client.stream("POST", f"{self.url}/graphql", json=asked) as answer,
            ):
                return answer.status_code, answer.headers, _bounded(answer)
        except httpx2.ConnectError as error:
            raise Unavailable("Linear cannot be reached.", service="Linear", nothing_done=True) from error
        except httpx2.TransportError as error:
            raise Unavailable("Linear did not answer.", service="Linear") from error


def linear(connection: Connection) -> Linear:
    """A key that was typed in is sent as it is, a token of a sign-in as a bearer's."""
    token = connection.secrets.get("token", "")
    authorization = token if connection.way == "token" else f"Bearer {token}"
    return Linear(url=connection.endpoints["api"], authorization=authorization)


def rows_of(found: Mapping[str, Any]) -> tuple[list[Any], str]:
    page = found["pageInfo"]
    return list(found["nodes"]), page["endCursor"] or "" if page["hasNextPage"] else ""


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the certificates of the machine takes longer than a question does; threads may share them."""
    return httpx2.create_ssl_context()


def _bounded(answer: httpx2.Response) -> bytes:
    body = b""
    for part in answer.iter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            raise ToolError("Linear's answer is larger than 5 MB. Ask for less at once.")
    return body


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _refused(status: int, headers: Mapping[str, str], errors: list[Any]) -> NoReturn:
    """What Linear said, sorted by who can act."""
    first = errors[0] if errors else {}
    more = first.get("extensions") or {}
    code = str(more.get("code", "")).upper()
    said = str(more.get("userPresentableMessage") or first.get("message") or f"error {status}")[:300]
    if status == 401 or code == "AUTHENTICATION_ERROR":
        raise SignInNeeded(f"Linear refused the token: {said}")
    if status == 429 or code == "RATELIMITED":
        raise Unavailable("Linear asks to wait.", _wait(headers), service="Linear", nothing_done=True)
    if status >= 500:
        raise Unavailable(f"Linear has a fault of its own ({status}).", service="Linear")
    if code == "FORBIDDEN" or "scope" in said.lower():
        raise ToolError(
            f"The Linear connection may not do this: {said}. Its owner can connect again with more rights."
        )
    raise ToolError(f"Linear refused this: {said}")


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds: `Retry-After`, or the moment at which the hour's requests begin anew (milliseconds)."""
    if (after := headers.get("retry-after", "")).isdigit():
        return float(after)
    reset = headers.get("x-ratelimit-requests-reset", "")
    return max(1.0, int(reset) / 1000 - time.time()) if reset.isdigit() else 60.0
