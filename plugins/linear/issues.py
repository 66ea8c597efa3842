"""Issues of Linear: found, read and opened."""

from __future__ import annotations

from typing import Annotated, Any

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
    part_of,
)
from bot.sdk.answers import ROWS
from plugins.linear import documents, words
from plugins.linear.fields import Fields, Where, filter_of, input_of, reads, shown
from plugins.linear.names import Issue, found_issue, team_of_issue
from plugins.linear.names import team as team_of
from plugins.linear.own import existing, own

_MOST_COMMENTS = 100


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda _, team="", **__: f"List issues of {team or 'all granted teams'} in Linear",
    example={"team": "WEB"},
)
def list_issues(
    context: Context,
    team: Annotated[str, 'Key, "WEB"; all granted teams without it'] = "",
    where: Where | None = None,
    cursor: str = "",
) -> Result:
    """List issues, newest first, of a team or of all, filtered by state, assignee, label, project, cycle.

    20 a page, a line each with key and link. For words in titles and texts use linear_search_issues.
    """
    filter_ = filter_of(_keys(context, team), where)
    rows, after = context.client.page(documents.ISSUES, ROWS, cursor, filter=filter_)
    return _issues(context, rows, after)


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda _, query, **__: f"Search Linear's issues for “{query[:80]}”",
    example={"query": "checkout"},
)
def search_issues(context: Context, query: str, cursor: str = "") -> Result:
    """Search issues by words in their titles, descriptions and comments; best matches first, 20 a page."""
    filter_ = filter_of(_keys(context, ""), None)
    rows, after = context.client.page(documents.SEARCH, ROWS, cursor, term=query, filter=filter_)
    return _issues(context, rows, after, is_searched=True)


@action(
    effect=Effect.READ,
    items=team_of_issue,
    preview=lambda _, issue, **__: f"Read {issue} in Linear",
    example={"issue": "WEB-1"},
)
def get_issue(context: Context, issue: Issue, offset: int = 0) -> Result:
    """Read one issue whole: its fields, description and comments, oldest first. A long one goes on with offset."""
    found = found_issue(context, issue)
    comments = context.client.ask(documents.COMMENTS, id=found["id"], first=_MOST_COMMENTS)["issue"][
        "comments"
    ]
    text = words.whole_issue(found, comments["nodes"])
    if comments["pageInfo"]["hasNextPage"]:
        text += f"\n\nThere are more than {_MOST_COMMENTS} comments; the rest is at {found['url']}"
    return Result(text=part_of(text, offset), ids=(found["identifier"],))


def _detail(
    _: Context, title: str = "", description: str | None = None, fields: Fields | None = None, **__: Any
) -> str:
    lines = [f"Title: {title}"] if title else []
    lines += [f"{name.capitalize()}: {reads(value)}" for name, value in shown(fields).items()]
    return "\n".join(lines) + (f"\n\n{description}" if description else "")


def _deleted(context: Context, receipt: Receipt, **_: Any) -> Result:
    found = found_issue(context, receipt.where)
    if _mark(found) != receipt.after:
        raise ToolError(f"{found['identifier']} was changed since, so it was left: {found['url']}")
    context.client.ask(documents.DELETE_ISSUE, id=found["id"])
    return Result(text=f"Moved {found['identifier']} to Linear's bin, where it can be restored for 30 days.")


def _opened(issue: dict[str, Any]) -> Result:
    return Result(
        text=f"Created {issue['identifier']}: {issue['title']} {issue['url']}",
        receipt=Receipt(
            effect=Effect.CREATE,
            what="Opened issue",
            where=issue["url"],
            after=_mark(issue),
            undo="Delete it",
        ),
        ids=(issue["identifier"],),
    )


def _was_created(context: Context, **_: Any) -> Result | None:
    found = existing(context, documents.ISSUE, "issue")
    return None if found is None else _opened(found)


@action(
    effect=Effect.CREATE,
    items=lambda _, team, **__: [team],
    preview=lambda _, team, title, **__: f"Open an issue in Linear's team {team}: “{title[:80]}”",
    detail=_detail,
    example={"team": "WEB", "title": "Login 500", "fields": {"state": "Todo", "labels": ["Bug"]}},
    inverse=Inverse(words="Delete it", act=_deleted),
    settled=_was_created,
    needs=("write",),
)
def create_issue(
    context: Context,
    team: Annotated[str, 'Key, "WEB"', Destination()],
    title: str,
    description: Annotated[str, "Markdown"] = "",
    fields: Fields | None = None,
) -> Result:
    """Open an issue in a team. Gives its key and link. Look with linear_search_issues first whether there is one."""
    sent: dict[str, Any] = {
        "teamId": team_of(context, team)["id"],
        "title": title,
        "description": description,
    }
    sent |= input_of(context, team.upper(), fields)
    context.halt.check()
    made = context.client.ask(documents.CREATE_ISSUE, input=sent | own(context))["issueCreate"]
    return _opened(made["issue"])


def _keys(context: Context, team: str) -> list[str]:
    """The teams to ask for: of a scope with wildcards Linear is asked for all, and the answers are filtered."""
    if team:
        return [team.upper()]
    patterns = context.scope.patterns
    return [] if any(set(one) & set("*?[") for one in patterns) else [one.upper() for one in patterns]


def _issues(context: Context, rows: list[Any], after: str, *, is_searched: bool = False) -> Result:
    kept = context.in_scope(rows, lambda one: one["team"]["key"])
    page = Page(rows=kept, cursor=after)
    ids = [one["identifier"] for one in kept]
    hidden = 0 if is_searched else len(rows) - len(kept)
    is_narrowed = is_searched and not context.scope.is_all
    return listed(page, words.issue_line, what="issues", ids=ids, hidden=hidden, is_narrowed=is_narrowed)


def _mark(issue: dict[str, Any]) -> str:
    """With when it was last changed: an issue that was not touched since may be deleted again."""
    return f"{issue['title']} (as of {issue['updatedAt']})"
