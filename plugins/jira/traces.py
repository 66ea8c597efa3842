"""What this colleague leaves on things it makes, unseen by people, so that a lookup finds them after a crash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sdk import Context, NotFound, ToolError, marked
from bot.sdk.query import quoted
from plugins.jira.client import core

PROPERTY = "cowork"
MOST_LOOKED_AT = 100
MOST_ASKED = 25
NEXT_KEYS = 5


def mark(context: Context) -> dict[str, Any]:
    """Goes with an issue, a comment or a work log when it is made."""
    return {"properties": [{"key": PROPERTY, "value": {"effect": marked(context.effect_id)}}]}


def is_ours(context: Context, value: Any) -> bool:
    """Whether such a property's value says that this call made it."""
    return isinstance(value, dict) and value.get("effect") == marked(context.effect_id)


def account_id(context: Context) -> str:
    """Whose account this connection is."""
    return str(context.client.get(core("myself"))["accountId"])


def found_issue(context: Context, project: str) -> str:
    """The key of the issue that this call made, "" for none.

    The search lags some seconds behind, so the keys that would be next are looked at one by one as well.
    """
    mine = f"project = {quoted(project)} AND creator = currentUser() AND created >= -14d"
    found = _searched(context, f"{mine} ORDER BY created DESC", MOST_LOOKED_AT)
    for one in found:
        if is_ours(context, (one.get("properties") or {}).get(PROPERTY)):
            return str(one["key"])
    if len(found) >= MOST_LOOKED_AT:
        raise ToolError(
            f"This account made many issues in {project} lately: whether this one is there is not clear."
        )
    return _at_next_keys(context, project)


def found_among(
    context: Context, made: list[dict[str, Any]], property_path: Callable[[str], str]
) -> dict[str, Any] | None:
    """The one of these that this call made; only the newest of one's own are asked for their property."""
    me = account_id(context)
    mine = [one for one in made if (one.get("author") or {}).get("accountId") == me]
    newest = sorted(mine, key=lambda one: str(one.get("created")), reverse=True)[:MOST_ASKED]
    return next(
        (one for one in newest if is_ours(context, _property(context, property_path(one["id"])))), None
    )


def _at_next_keys(context: Context, project: str) -> str:
    newest = _searched(context, f"project = {quoted(project)} ORDER BY key DESC", 1)
    last = int(str(newest[0]["key"]).rpartition("-")[2]) if newest else 0
    for number in range(last + 1, last + 1 + NEXT_KEYS):
        key = f"{project}-{number}"
        if is_ours(context, _property(context, core("issue", key, "properties", PROPERTY))):
            return key
    return ""


def _searched(context: Context, jql: str, most: int) -> list[dict[str, Any]]:
    query = {"jql": jql, "fields": "created", "properties": PROPERTY, "maxResults": most}
    return list(context.client.get(core("search", "jql"), **query).get("issues") or ())


def _property(context: Context, path: str) -> Any:
    """The value of ours, None where it has none."""
    try:
        return context.client.get(path).get("value")
    except NotFound:
        return None
