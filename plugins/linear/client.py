"""Linear over the wire: one POST a question, sent once, and its errors in our words."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from bot.sdk import Connection, ToolError, Trouble, refusal, seconds_to_wait
from bot.sdk.reaching import TIMEOUT, UNREACHED, capped, unreached
from bot.sdk.trust import trusted

SERVICE = "Linear"
MOST_NAMES = 1_000
"""How many users, labels or projects are looked through for a name."""
_PER_PAGE = 250
_MEANS = {"AUTHENTICATION_ERROR": 401, "FORBIDDEN": 403, "RATELIMITED": 429}
"""What its own codes would be in HTTP, where they come with a 200 or a 400."""


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
            raise _refused(status, headers, errors)
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
                httpx2.Client(timeout=TIMEOUT, headers=headers, verify=trusted()) as client,
                client.stream("POST", f"{self.url}/graphql", json=asked) as answer,
            ):
                return answer.status_code, answer.headers, capped(answer.iter_bytes(), SERVICE)
        except UNREACHED as error:
            raise unreached(SERVICE, error) from error


def linear(connection: Connection) -> Linear:
    """A key that was typed in is sent as it is, a token of a sign-in as a bearer's."""
    token = connection.secrets.get("token", "")
    authorization = token if connection.way == "token" else f"Bearer {token}"
    return Linear(url=connection.endpoints["api"], authorization=authorization)


def rows_of(found: Mapping[str, Any]) -> tuple[list[Any], str]:
    page = found["pageInfo"]
    return list(found["nodes"]), page["endCursor"] or "" if page["hasNextPage"] else ""


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _refused(status: int, headers: Mapping[str, str], errors: list[Any]) -> Trouble:
    """What Linear said, sorted by who can act."""
    first = errors[0] if errors else {}
    more = first.get("extensions") or {}
    said = str(more.get("userPresentableMessage") or first.get("message") or "")[:300]
    meant = _MEANS.get(str(more.get("code", "")).upper(), max(status, 400))
    if meant == 400 and "scope" in said.lower():
        meant = 403
    return refusal(SERVICE, meant, sentence=said, ask="whoever connected Linear", retry_after=_wait(headers))


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds: `Retry-After`, or the moment at which the hour's requests begin anew (milliseconds)."""
    reset = headers.get("x-ratelimit-requests-reset", "")
    until_anew = max(1.0, int(reset) / 1000 - time.time()) if reset.isdigit() else None
    return seconds_to_wait(headers.get("retry-after")) or until_anew
