"""A request on behalf of a connector's server: it has no goal and no tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_asked(request: Mapping[str, Any]) -> bool:
    """Known by how its one message begins."""
    [first, *more] = request["messages"]
    blocks = (
        [first["content"]]
        if isinstance(first["content"], str)
        else [one.get("text", "") for one in first["content"]]
    )
    return not more and bool(blocks) and blocks[0].startswith("<request connector=")
