"""What people call things, made into Linear's own ids: teams by key, the rest by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Annotated, Any
from uuid import UUID

from bot.sdk import Context, Destination, ToolError, marked
from plugins.linear import documents

NO_ONE = "none"

Issue = Annotated[str, 'Its key, "WEB-12", or a link to it', Destination()]


def own_id(effect_id: str) -> str:
    """The id under which a call creates: always the same, in the form (UUID version 4) that Linear takes."""
    digest = hashlib.sha256(marked(effect_id).encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))


def issue_key(issue: str) -> str:
    """ "WEB-12" out of it, or of a link to it."""
    key = issue.strip().rstrip("/")
    if "/issue/" in key:
        key = key.partition("/issue/")[2].partition("/")[0]
    return key.upper() if "-" in key and key.count("-") == 1 else key


def team_of_issue(context: Context, issue: str, **_: Any) -> list[str]:
    """The key of the team that an issue is in."""
    return [found_issue(context, issue)["team"]["key"]]


def found_issue(context: Context, issue: str) -> dict[str, Any]:
    found: dict[str, Any] | None = context.client.ask(documents.ISSUE, id=issue_key(issue))["issue"]
    if found is None:
        raise ToolError(f"Linear has no issue {issue}, or this connection does not see it.")
    return found


def team(context: Context, key: str) -> dict[str, Any]:
    """With its states and cycles."""
    rows = context.client.ask(documents.TEAM, filter={"key": {"eq": key.upper()}})["teams"]["nodes"]
    if not rows:
        raise ToolError(
            f"Linear has no team {key}, or this connection does not see it. linear_list_teams lists them."
        )
    found: dict[str, Any] = rows[0]
    return found


def state_id(of_team: dict[str, Any], name: str) -> str:
    return _named(of_team["states"]["nodes"], name, "state", lambda one: (one["name"],))


def cycle_id(of_team: dict[str, Any], name: str) -> str:
    """By number, or "current"."""
    active = of_team["activeCycle"]
    if name.lower() == "current" and active:
        return str(active["id"])
    return _named(of_team["cycles"]["nodes"], name, "cycle", lambda one: (f"{one['number']:g}",))


def user_id(context: Context, name: str) -> str | None:
    """By e-mail address, name, or "me"; None for "none"."""
    if name.lower() == NO_ONE:
        return None
    users = context.client.every(documents.USERS)
    if name.lower() == "me":
        return next((str(one["id"]) for one in users if one["isMe"]), None)
    return _named(users, name, "person", lambda one: (one["email"], one["name"], one["displayName"]))


def label_ids(context: Context, names: Iterable[str], team_key: str) -> list[str]:
    """Of the team's own labels and the workspace's."""
    rows = context.client.every(documents.LABELS)
    usable = [one for one in rows if one["team"] is None or one["team"]["key"] == team_key]
    return [_named(usable, name, "label", lambda one: (one["name"],)) for name in names]


def project_id(context: Context, name: str) -> str | None:
    """By name or id; None for "none"."""
    if name.lower() == NO_ONE:
        return None
    rows = context.client.every(documents.PROJECT_NAMES)
    return _named(rows, name, "project", lambda one: (one["name"], one["id"]))


def _named(rows: Iterable[Any], name: str, what: str, names: Callable[[Any], tuple[str, ...]]) -> str:
    wanted = name.strip().lower()
    rows = list(rows)
    found = [one for one in rows if wanted in [each.lower() for each in names(one)]]
    if len(found) == 1:
        return str(found[0]["id"])
    known = ", ".join(names(one)[0] for one in (found or rows)[:15])
    fault = "more than one" if found else "no"
    raise ToolError(f"Linear has {fault} {what} called {name!r} here. There are: {known or 'none'}.")
