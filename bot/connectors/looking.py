"""What a server offers, found by real calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.domain.connector import Catalogue, Definition

if TYPE_CHECKING:
    from mcp import Client

_MOST_PAGES: Final = 100


async def catalogue(client: Client) -> Catalogue:
    return Catalogue(tools=tuple(await _tools(client)))


async def _tools(client: Client) -> list[Definition]:
    found, cursor = [], None
    for _ in range(_MOST_PAGES):
        page = await client.list_tools(cursor=cursor, cache_mode="refresh")
        found += [
            Definition.of(tool.name, tool.model_dump(by_alias=True, mode="json", exclude_none=True))
            for tool in page.tools
        ]
        cursor = page.next_cursor
        if not cursor:
            break
    return found
