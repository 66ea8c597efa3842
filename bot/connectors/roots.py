"""The folders that a server may see, as it is told of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.connector import Connector

if TYPE_CHECKING:
    from mcp_types import ListRootsResult


def roots(connector: Connector) -> ListRootsResult:
    from mcp_types import ListRootsResult, Root

    return ListRootsResult(
        roots=[
            Root.model_validate({"uri": Path(folder.path).as_uri(), "name": Path(folder.path).name})
            for folder in connector.folders
        ]
    )
