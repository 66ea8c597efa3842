"""What frames the issues of Linear: teams, labels, projects with their updates, and cycles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from bot.sdk import (
    EVERYWHERE,
    Context,
    Destination,
    Effect,
    Inverse,
    Page,
    Receipt,
    Result,
    ToolError,
    action,
    listed,
)
from bot.sdk.answers import ROWS
from plugins.linear import documents, words
from plugins.linear.names import project_id
from plugins.linear.own import existing, id_in, own, with_id

Health = Literal["onTrack", "atRisk", "offTrack"]


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda *_, **__: "List the teams in Linear",
    example={},
)
def list_teams(context: Context, cursor: str = "") -> Result:
    """List the teams with their keys, which begin the keys of their issues."""
    rows, after = context.client.page(documents.TEAMS, ROWS, cursor)
    kept = context.in_scope(rows, lambda one: one["key"])
    ids = [one["key"] for one in kept]
    page = Page(rows=kept, cursor=after)
    return listed(page, words.team_line, what="teams", ids=ids, hidden=len(rows) - len(kept))


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda *_, **__: "List the labels in Linear",
    example={},
)
def list_labels(context: Context, cursor: str = "") -> Result:
    """List the labels that issues can have: those of a team, and those of all teams."""
    rows, after = context.client.page(documents.LABELS, ROWS, cursor)
    kept = [one for one in rows if one["team"] is None or context.scope.covers(one["team"]["key"])]
    return listed(
        Page(rows=kept, cursor=after), words.label_line, what="labels", hidden=len(rows) - len(kept)
    )


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda _, team="", **__: f"List the projects of {team or 'all granted teams'} in Linear",
    example={"team": "WEB"},
)
def list_projects(
    context: Context,
    team: Annotated[str, 'Key, "WEB"'] = "",
    state: Annotated[str, 'A status by name, "In Progress"'] = "",
    cursor: str = "",
) -> Result:
    """List projects with status, progress, health, lead, target date and teams, 20 a page."""
    asked: dict[str, Any] = {"accessibleTeams": {"some": {"key": {"eq": team.upper()}}}} if team else {}
    asked |= {"status": {"name": {"eqIgnoreCase": state}}} if state else {}
    rows, after = context.client.page(documents.PROJECTS, ROWS, cursor, filter=asked or None)
    kept = [one for one in rows if any(context.scope.covers(key) for key in _teams(one))]
    page = Page(rows=kept, cursor=after)
    return listed(page, words.project_line, what="projects", hidden=len(rows) - len(kept))


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda _, team="", **__: f"List the cycles of {team or 'all granted teams'} in Linear",
    example={"team": "WEB"},
)
def list_cycles(context: Context, team: Annotated[str, 'Key, "WEB"'] = "", cursor: str = "") -> Result:
    """List cycles (sprints) with their dates and progress. Their issues: linear_list_issues with where.cycle."""
    asked = {"team": {"key": {"eq": team.upper()}}} if team else None
    rows, after = context.client.page(documents.CYCLES, ROWS, cursor, filter=asked)
    kept = context.in_scope(rows, lambda one: one["team"]["key"])
    return listed(
        Page(rows=kept, cursor=after), words.cycle_line, what="cycles", hidden=len(rows) - len(kept)
    )


def _teams_of(context: Context, project: str, **_: Any) -> list[str]:
    """An update is read by all of the project's teams, so all must be granted."""
    keys = _teams(_project(context, project))
    if not keys:
        raise ToolError(f"The project {project!r} has no team, so it is not known whether it was granted.")
    return keys


def _withdrawn(context: Context, receipt: Receipt, body: str, **_: Any) -> Result:
    its_id = id_in(receipt.where)
    standing = context.client.ask(documents.PROJECT_UPDATE, id=its_id)["projectUpdate"]
    if standing is None or standing["body"].strip() != body.strip():
        raise ToolError("The update was changed or taken away since, so it was left.")
    context.client.ask(documents.ARCHIVE_PROJECT_UPDATE, id=its_id)
    return Result(text=f"Archived the update of {standing['project']['name']}.")


def _posted(update: Mapping[str, Any], name: str) -> Result:
    return Result(
        text=f"Posted the update: {update['url']}",
        receipt=Receipt(
            effect=Effect.SEND,
            what="Posted project update",
            where=with_id(update["url"], update["id"]),
            after=name,
            undo="Archive it",
        ),
    )


def _was_posted(context: Context, **_: Any) -> Result | None:
    found = existing(context, documents.PROJECT_UPDATE, "projectUpdate")
    return None if found is None else _posted(found, found["project"]["name"])


@action(
    effect=Effect.SEND,
    items=_teams_of,
    preview=lambda _, project, **__: (
        f"Post an update of the project {project} in Linear, which tells its followers"
    ),
    detail=lambda _, body, health="onTrack", **__: f"Health: {health}\n\n{body}",
    example={"project": "Checkout", "body": "Payments work. Next: refunds.", "health": "onTrack"},
    inverse=Inverse(words="Archive it", act=_withdrawn),
    settled=_was_posted,
    needs=("write",),
)
def post_project_update(
    context: Context,
    project: Annotated[str, "Name or id", Destination()],
    body: Annotated[str, "Markdown"],
    health: Health = "onTrack",
) -> Result:
    """Post a project's status update. Its members and followers are told, so a person approves it first."""
    found = _project(context, project)
    sent = {"projectId": found["id"], "body": body, "health": health} | own(context)
    context.halt.check()
    made = context.client.ask(documents.CREATE_PROJECT_UPDATE, input=sent)["projectUpdateCreate"]
    return _posted(made["projectUpdate"], found["name"])


def _project(context: Context, name: str) -> dict[str, Any]:
    found = context.client.ask(documents.PROJECT, id=project_id(context, name))["project"]
    if found is None:
        raise ToolError(f"Linear has no project {name!r}, or this connection does not see it.")
    return dict(found)


def _teams(project: Mapping[str, Any]) -> list[str]:
    return [one["key"] for one in project["teams"]["nodes"]]
