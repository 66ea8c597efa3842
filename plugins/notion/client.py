"""Notion through its client library: each request sent once, what was read kept for the call, errors in our words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

import httpx
from notion_client import Client
from notion_client.errors import (
    HTTPResponseError,
    InvalidPathParameterError,
    RequestTimeoutError,
)

from bot.sdk import Connection, NotFound, ToolError, Trouble, Unavailable, refusal, seconds_to_wait
from bot.sdk.reaching import TIMEOUT
from bot.sdk.trust import trusted

SERVICE = "Notion"

VERSION = "2026-03-11"
"""The first that reads and writes pages as Markdown."""
MOST_PEOPLE = 500
_PER_PAGE = 100
_NOT_FOUND = (
    "Notion does not have it, or it was not shared with this connection: whoever may share the page opens it in"
    " Notion and adds the connection in its ••• menu."
)


class Notion:
    """For one call. What was read of pages and databases is not read again."""

    def __init__(self, connection: Connection) -> None:
        self._library = Client(
            auth=connection.secrets.get("token", ""),
            base_url=connection.endpoints["api"],
            notion_version=VERSION,
            timeout_ms=TIMEOUT * 1000,
            retry=False,
            logger=logging.getLogger(__name__),
            log_level=logging.CRITICAL,
            client=httpx.Client(verify=trusted()),
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
            raise _refused(error) from error
        except InvalidPathParameterError as error:
            raise ToolError("That is no id of Notion's.") from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Unavailable("no connection could be made", service=SERVICE, nothing_done=True) from error
        except (RequestTimeoutError, httpx.TransportError) as error:
            raise Unavailable("its answer did not come", service=SERVICE) from error
        except ValueError as error:
            raise Unavailable("its answer cannot be read", service=SERVICE) from error
        return answer


def _refused(error: HTTPResponseError) -> Trouble:
    """What Notion said, sorted by who can act."""
    if error.status == 404:
        return NotFound(_NOT_FOUND)
    return refusal(
        SERVICE,
        error.status,
        sentence=str(error)[:300],
        ask="whoever set the connection's capabilities in Notion",
        retry_after=seconds_to_wait(error.headers.get("retry-after")),
    )
