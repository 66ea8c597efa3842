"""Where things are in Notion: ids and links, and the pages and databases that something lies in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

from bot.sdk import Context, Destination, NotFound, ToolError
from plugins.notion.client import Notion

MOST_LEVELS = 25
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?![0-9a-f])")

Page = Annotated[str, "Id or link of the page", Destination()]
Database = Annotated[str, "Id or link of the database", Destination()]


def plain_id(text: str) -> str:
    """The id in it, with dashes. Raises `ToolError` where there is none."""
    path = text.strip().lower().partition("?")[0].partition("#")[0]
    found = _ID.findall(path)
    if not found or ("/" not in path and _ID.fullmatch(path) is None):
        raise ToolError(f"{text!r} is no id or link of Notion's. notion_search_pages finds them.")
    return str(UUID(found[-1]))


def around_page(context: Context, page: str, **_: Any) -> list[str]:
    """The page, or what it lies in that was granted."""
    return [granted(context, "page", plain_id(page))]


def around_database(context: Context, database: str, **_: Any) -> list[str]:
    source = source_of(context.client, database)
    return [granted(context, "data_source", source["id"])]


def granted(context: Context, kind: str, its_id: str) -> str:
    """The nearest of itself and all that it lies in which the scope covers, itself where none is."""
    if context.scope.is_all:
        return its_id
    return next((one for one in _upwards(context.client, kind, its_id) if context.scope.covers(one)), its_id)


def is_granted(context: Context, row: dict[str, Any]) -> bool:
    return context.scope.covers(granted(context, row["object"], row["id"]))


def source_of(notion: Notion, database: str) -> dict[str, Any]:
    """The data source with a database's rows; `database` may be the id of either."""
    its_id = plain_id(database)
    try:
        sources = notion.database(its_id)["data_sources"]
    except NotFound:
        return notion.source(its_id)
    if len(sources) != 1:
        known = ", ".join(f"{one['name']} {one['id']}" for one in sources)
        raise ToolError(
            f"This database has {len(sources)} data sources; give the id of one: {known or 'none'}."
        )
    return notion.source(sources[0]["id"])


def _upwards(notion: Notion, kind: str, its_id: str) -> Iterator[str]:
    """It, and all that it lies in as far as the connection sees it."""
    for _ in range(MOST_LEVELS):
        yield its_id
        try:
            parent = _object(notion, kind, its_id).get("parent") or {}
        except NotFound:
            return
        kind = parent.get("type", "").removesuffix("_id")
        if kind not in ("page", "block", "database", "data_source"):
            return
        its_id = parent[parent["type"]]


def _object(notion: Notion, kind: str, its_id: str) -> dict[str, Any]:
    match kind:
        case "page":
            return notion.page(its_id)
        case "database":
            return notion.database(its_id)
        case "data_source":
            return notion.source(its_id)
    return notion.block(its_id)
