"""Notion through its client library: each request sent once, what was read kept for the call, errors in our words."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NoReturn

import httpx
from notion_client import Client
from notion_client.errors import (
    HTTPResponseError,
    InvalidPathParameterError,
    RequestTimeoutError,
)

from bot.sdk import Connection, SignInNeeded, ToolError, Unavailable

VERSION = "2026-03-11"
"""The first that reads and writes pages as Markdown."""
TIMEOUT = 30.0
MOST_PEOPLE = 500
_PER_PAGE = 100
_NOT_FOUND = (
    "Notion does not have it, or it was not shared with this connection: whoever may share the page opens it in"
    " Notion and adds the connection in its ••• menu."
)


class NotFound(ToolError):
    """There is none, or it is not shared with the connection."""


class Notion:
    """For one call. What was read of pages and databases is not read again."""

    def __init__(self, connection: Connection) -> None:
        self._library = Client(
            auth=connection.secrets.get("token", ""),
            base_url=connection.endpoints["api"],
            notion_version=VERSION,
            timeout_ms=int(TIMEOUT * 1000),
            retry=False,
            logger=logging.getLogger(__name__),
            log_level=logging.CRITICAL,
            client=httpx.Client(verify=_trusted()),
        )
        self._known: dict[tuple[str, str], dict[str, Any]] = {}

    def page(self, page_id: str) -> dict[str, Any]:
        return self._read("page", page_id, self._library.pages.retrieve)

    def database(self, database_id: str) -> dict[str, Any]:
        return self._read("database", database_id, self._library.databases.retrieve)

    def source(self, source_id: str) -> dict[str, Any]:
        """The rows of a database are those of its data sources, mostly of one."""
        return self._read("data_source", source_id, self._library.data_sources.retrieve)

    def block(self, block_id: str) -> dict[str, Any]:
        return self._read("block", block_id, self._library.blocks.retrieve)

    def learn(self, rows: Iterable[dict[str, Any]]) -> None:
        """What a listing gave whole need not be read again."""
        self._known |= {(row["object"], row["id"]): row for row in rows if "parent" in row}

    def markdown(self, page_id: str) -> dict[str, Any]:
        """Of a page, with `truncated` and `unknown_block_ids`."""
        return self._asked(self._library.pages.retrieve_markdown, page_id)

    def search(self, **asked: Any) -> dict[str, Any]:
        return self._asked(self._library.search, **asked)

    def query(self, source_id: str, **asked: Any) -> dict[str, Any]:
        return self._asked(self._library.data_sources.query, source_id, **asked)

    def create(self, **asked: Any) -> dict[str, Any]:
        return self._asked(self._library.pages.create, **asked)

    def update(self, page_id: str, **asked: Any) -> dict[str, Any]:
        return self._asked(self._library.pages.update, page_id, **asked)

    def write(self, page_id: str, kind: str, **asked: Any) -> dict[str, Any]:
        """A change of a page's Markdown: `kind` as Notion names it. The page's Markdown afterwards."""
        return self._asked(self._library.pages.update_markdown, page_id, type=kind, **{kind: asked})

    def comment(self, page_id: str, markdown: str) -> dict[str, Any]:
        return self._asked(self._library.comments.create, parent={"page_id": page_id}, markdown=markdown)

    def delete_comment(self, comment_id: str) -> None:
        self._asked(self._library.comments.delete, comment_id)

    def me(self) -> dict[str, Any]:
        return self._asked(self._library.users.me)

    def people(self) -> list[dict[str, Any]]:
        """Those of the workspace, up to `MOST_PEOPLE`."""
        found: list[dict[str, Any]] = []
        more: dict[str, Any] = {}
        for _ in range(MOST_PEOPLE // _PER_PAGE):
            answer = self._asked(self._library.users.list, page_size=_PER_PAGE, **more)
            found += answer["results"]
            if not answer["has_more"]:
                break
            more = {"start_cursor": answer["next_cursor"]}
        return found

    def _read(self, kind: str, its_id: str, ask: Callable[..., Any]) -> dict[str, Any]:
        if (kind, its_id) not in self._known:
            self._known[kind, its_id] = self._asked(ask, its_id)
        return self._known[kind, its_id]

    def _asked(self, ask: Callable[..., Any], *given: Any, **named: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = ask(*given, **named)
        except HTTPResponseError as error:
            _refused(error)
        except InvalidPathParameterError as error:
            raise ToolError("That is no id of Notion's.") from error
        except httpx.ConnectError as error:
            raise Unavailable("Notion cannot be reached.", service="Notion", nothing_done=True) from error
        except (RequestTimeoutError, httpx.TransportError) as error:
            raise Unavailable("Notion did not answer.", service="Notion") from error
        except ValueError as error:
            raise Unavailable("Notion's answer cannot be read.", service="Notion") from error
        return answer


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the certificates of the machine takes longer than a question does; threads may share them."""
    return httpx.create_ssl_context()


def _refused(error: HTTPResponseError) -> NoReturn:
    """What Notion said, sorted by who can act."""
    said = str(error)[:300]
    if error.status == 401:
        raise SignInNeeded(f"Notion refused the token: {said}") from error
    if error.status == 429:
        wait = _seconds(error.headers)
        raise Unavailable("Notion asks to wait.", wait, service="Notion", nothing_done=True) from error
    if error.status >= 500:
        raise Unavailable(f"Notion has a fault of its own ({error.status}).", service="Notion") from error
    if error.status == 404:
        raise NotFound(_NOT_FOUND) from error
    if error.status == 403:
        raise ToolError(
            f"The Notion connection may not do this: {said} Its owner can give it the capability in Notion's settings."
        ) from error
    raise ToolError(f"Notion refused this: {said}") from error


def _seconds(headers: Mapping[str, str]) -> float | None:
    after = headers.get("retry-after", "")
    return float(after) if after.isdigit() else None
