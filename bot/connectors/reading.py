"""Resources of a server: read by its own addresses, and what is in them never followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.connectors.answers import reading_of
from bot.domain.connector import Answer
from bot.errors import ToolError

if TYPE_CHECKING:
    from mcp import Client


async def read(client: Client, uri: str) -> Answer:
    """A question on the way is not put to anyone: what only reads has none to ask."""
    from mcp_types import ReadResourceResult

    result = await client.session.read_resource(uri, allow_input_required=True)
    if not isinstance(result, ReadResourceResult):
        raise ToolError(f"The server asks something before it gives {uri}, which only a tool may.")
    return reading_of(result)
