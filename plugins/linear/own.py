"""Ids that we give what we create, so that a second look finds it."""

from __future__ import annotations

from typing import Any

from bot.sdk import Context, ToolError
from plugins.linear.names import own_id


def with_id(link: str, its_id: str) -> str:
    """A link that says which part of the page it is of."""
    return f"{link}#{its_id}"


def id_in(link: str) -> str:
    return link.rpartition("#")[2]


def existing(context: Context, document: str, name: str) -> dict[str, Any] | None:
    """What was created under this call's own id, if it was."""
    try:
        found: dict[str, Any] | None = context.client.ask(document, id=own_id(context.effect_id))[name]
    except ToolError as error:
        if "not found" in str(error).lower():
            return None
        raise
    return found


def own(context: Context) -> dict[str, str]:
    return {"id": own_id(context.effect_id)} if context.effect_id else {}
