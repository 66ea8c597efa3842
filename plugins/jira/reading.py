"""What the colleague may read of issues, projects and people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from bot.sdk import (
    EVERYWHERE,
    ROWS,
    Context,
    Cursor,
    Destination,
    Effect,
    Offset,
    Page,
    Result,
    ToolError,
    action,
    listed,
    page_of,
    part_of,
)
from bot.sdk.query import bounded, one_of
from plugins.jira.client import Jira, core
from plugins.jira.issue import (
    LISTED,
    WHOLE,
    Person,
    issue_key,
    issue_of,
    person_of,
    project_key,
    project_of,
)
from plugins.jira.words import issue_line, whole_issue

MOST_PROJECTS = 300
MOST_COMMENTS = 50

Key = Annotated[str, "The issue's key, such as PAY-12.", Destination()]


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda context, jql, cursor="": f"Search Jira: {jql}",
    example={"jql": "statusCategory != Done AND labels = payments ORDER BY priority DESC"},
)
def search_issues(
    context: Context,
    jql: Annotated[str, "JQL, such as: project = PAY AND status = 'In Progress' ORDER BY priority DESC."],
    cursor: Cursor = "",
) -> Result:
    """Find issues with JQL, Jira's query language.

    A line per issue: key, summary, type, status, priority, assignee, link. 20 a page. Read one whole with get_issue.
    """
    within = within_scope(context, jql, order="ORDER BY updated DESC")
    if not within.strip():
        raise ToolError("Say what to look for, such as: project = PAY AND statusCategory != Done.")
    query = {"jql": within, "fields": LISTED, "maxResults": ROWS, "nextPageToken": cursor}
    found = context.client.get(core("search", "jql"), **query)
    issues = [issue_of(one) for one in found.get("issues") or ()]
    shown = context.in_scope(issues, lambda one: one.project)
    page = Page(rows=shown, cursor=found.get("nextPageToken") or "")
    return listed(
        page,
        lambda one: issue_line(context, one),
        what="issues",
        ids=[one.key for one in shown],
        hidden=len(issues) - len(shown),
    )


@action(
    effect=Effect.READ,
    items=lambda context, issue, offset=0: (project_of(context, issue),),
    preview=lambda context, issue, offset=0: f"Read {issue} in Jira",
    example={"issue": "PAY-12"},
)
def get_issue(context: Context, issue: Key, offset: Offset = 0) -> Result:
    """Read one issue: all fields, description, linked issues, comments and history.

    Texts come as Markdown. Of many comments the newest 50 are given, oldest first.
    """
    client, key = context.client, issue_key(issue)
    found = issue_of(client.get(core("issue", key), fields=WHOLE, expand="changelog", what=key))
    query = {"orderBy": "-created", "maxResults": MOST_COMMENTS}
    answer = client.get(core("issue", key, "comment"), what=key, **query)
    comments = list(reversed(answer.get("comments") or ()))
    left_out = max(0, int(answer.get("total") or 0) - len(comments))
    return Result(text=part_of(whole_issue(context, found, comments, left_out), offset), ids=(found.key,))


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda context, search="", cursor="": "List projects in Jira",
    example={"search": "pay"},
)
def list_projects(
    context: Context,
    search: Annotated[str, "Part of a name or key; all without it."] = "",
    cursor: Cursor = "",
) -> Result:
    """List projects with their keys, which other calls take."""
    found = page_of(list(projects_in_scope(context, search)), cursor)
    site = context.client.site
    return listed(
        found,
        lambda one: f"- {one[0]} {one[1]} · {site}/browse/{one[0]}",
        what="projects",
        ids=[key for key, _ in found.rows],
    )


@action(
    effect=Effect.READ,
    items=lambda context, issue: (project_of(context, issue),),
    preview=lambda context, issue: f"List the next statuses of {issue} in Jira",
    example={"issue": "PAY-12"},
)
def list_transitions(context: Context, issue: Key) -> Result:
    """List the statuses that an issue can be given now, for transition_issue."""
    key = issue_key(issue)
    found = page_of(transitions(context, key), rows=100)
    return listed(found, lambda one: f"- {one[1]} (by “{one[2]}”)", what="next statuses")


@action(
    effect=Effect.READ,
    items=lambda context, project, search="": (project_key(project),),
    preview=lambda context, project, search="": f"Find people of {project} in Jira",
    example={"project": "PAY", "search": "mia"},
)
def find_users(
    context: Context,
    project: Annotated[str, "The project's key, such as PAY."],
    search: Annotated[str, "Part of a name or e-mail address; everybody without it."] = "",
) -> Result:
    """Find people whom a project's issues can be assigned to, with the account ids that assign_issue takes.

    Up to 50; search for a name where there are more.
    """
    people = assignable(context, project_key(project), search)
    return listed(
        Page(rows=people, total=len(people)),
        lambda one: f"- {one.name} [{one.id}]",
        what="people",
        ids=[one.id for one in people],
    )


def assignable(context: Context, project: str, search: str = "") -> list[Person]:
    """People whom issues there can be assigned to."""
    query = {"project": project, "query": search, "maxResults": 50}
    found = context.client.get(core("user", "assignable", "search"), what=project, **query)
    return [person for one in found or () if (person := person_of(one))]


def transitions(context: Context, key: str) -> list[tuple[str, str, str]]:
    """Of an issue now: the id, the status it leads to, and the transition's own name."""
    found = context.client.get(core("issue", key, "transitions"), what=key)
    return [
        (str(one["id"]), str((one.get("to") or {}).get("name", "")), str(one.get("name", "")))
        for one in found.get("transitions") or ()
    ]


def within_scope(context: Context, jql: str, *, order: str) -> str:
    """The query, kept within the projects of the grant, and in this order where it names none."""
    if context.scope.is_all:
        return bounded(jql, "", order=order)
    projects = [key for key, _ in projects_in_scope(context)]
    if not projects:
        raise ToolError(f"Jira shows this account no project of {', '.join(context.scope.patterns)}.")
    return bounded(jql, one_of("project", projects), order=order)


def projects_in_scope(context: Context, search: str = "") -> Iterator[tuple[str, str]]:
    """Key and name of each that the grant covers, in the order of their keys."""
    found = context.in_scope(all_projects(context.client, search), lambda one: one[0])
    yield from sorted(found)


def all_projects(client: Jira, search: str = "", *, order: str = "key") -> Iterator[tuple[str, str]]:
    """Key and name of the first 300."""
    first = 0
    for _ in range(MOST_PROJECTS // 50):
        query: dict[str, Any] = {"startAt": first, "maxResults": 50, "query": search, "orderBy": order}
        found = client.get(core("project", "search"), **query)
        values = found.get("values") or []
        yield from ((str(one["key"]), str(one.get("name", ""))) for one in values)
        first += len(values)
        if found.get("isLast", True) or not values:
            return
