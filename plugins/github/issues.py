"""Issues, read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from github.GithubObject import NotSet
from github.Issue import Issue
from github.IssueComment import IssueComment

from bot.sdk import EVERYWHERE, Context, Cursor, Effect, Offset, Result, action, line, listed, part_of
from plugins.github.client import MOST_LOOKED_AT, all_of, page_from
from plugins.github.names import in_repository
from plugins.github.words import (
    assignees_of,
    day,
    labels_of,
    readers,
    repository_of,
    scope_words,
    several,
    shown,
    who,
)

Repo = Annotated[str, "The repository as owner/name, as in acme/api."]
Number = Annotated[int, "Its number, 12 for #12."]
STATES = Literal["open", "closed", "all"]


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, **__: f"List the issues of {repo}",
    example={"repo": "octocat/hello-world"},
)
def list_issues(
    context: Context,
    repo: Repo,
    state: STATES = "open",
    labels: Annotated[tuple[str, ...], "Only those with all of these labels."] = (),
    assignee: Annotated[str, "Only this person's (login); none for nobody's, * for anybody's."] = "",
    since: Annotated[date | None, "Only those changed on or after this day."] = None,
    cursor: Cursor = "",
) -> Result:
    """List a repository's issues, newest first, 20 a page; not its pull requests.

    Each with number, labels, assignees, comments and link. For words or a milestone use search_issues; for the text
    of one get_issue."""
    found = context.client.repository(repo).get_issues(
        state=state,
        labels=list(labels) or NotSet,
        assignee=assignee or NotSet,
        since=datetime(since.year, since.month, since.day) if since else NotSet,
    )
    return listed(page_from(found, cursor, _is_issue), _issue_line, what="issues")


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda _, query, **__: f"Search GitHub's issues for “{query}”",
    example={"query": "login is:issue"},
)
def search_issues(
    context: Context,
    query: Annotated[str, 'As on github.com: words, label:bug, milestone:"v1", is:pr, updated:>=2026-11-01.'],
    cursor: Cursor = "",
) -> Result:
    """Search the text of issues and pull requests in all repositories that were granted.

    Say is:issue or is:pr for one kind, is:open for what is open. Comes back newest first, 20 a page. The search lags
    some seconds behind: for what was just made use list_issues."""
    words = f"{query} {scope_words(context.scope.patterns)}".strip()
    found = context.client.listing(Issue, "/search/issues", q=words, sort="created", order="desc")
    page = page_from(found, cursor, lambda one: context.scope.covers(repository_of(one)))
    return listed(
        page,
        lambda one: f"{repository_of(one)}{_issue_line(one)}",
        what="issues",
        is_narrowed=not context.scope.is_all,
    )


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, number, **__: f"Read {repo}#{number}",
    example={"repo": "octocat/hello-world", "number": 1},
)
def get_issue(context: Context, repo: Repo, number: Number, offset: Offset = 0) -> Result:
    """Read one issue: its whole text, state, labels, people, milestone, and all comments.

    What follows a long one comes with offset. For a pull request use get_pull_request."""
    issue = context.client.issue(repo, number)
    comments = all_of(issue.get_comments()) if issue.comments else []
    facts = line(
        issue.state,
        several("labels: ", labels_of(issue)),
        several("assigned to ", assignees_of(issue)),
        f"milestone {issue.milestone.title}" if issue.milestone else "",
        f"by {who(issue.user)} {day(issue.created_at)}",
        f"changed {day(issue.updated_at)}",
        issue.html_url,
    )
    text = f"{repo}#{number} {issue.title}\n{facts}\n\n{shown(issue.body) or '(no text)'}\n{spoken(comments)}"
    return Result(text=part_of(text.rstrip(), offset))


def spoken(comments: list[IssueComment]) -> str:
    """Comments as a conversation, each with its id; the last line says where there may be more."""
    parts = [
        f"\nComment {one.id} by {who(one.user)} {day(one.created_at)} {one.html_url}\n{shown(one.body)}"
        for one in comments
    ]
    if len(parts) == MOST_LOOKED_AT:
        parts.append(f"\nThese are the first {MOST_LOOKED_AT} comments.")
    return "\n".join(parts)


def _is_issue(one: Issue) -> bool:
    """GitHub lists pull requests with issues; the address is the one sign that asks for nothing more."""
    return "/pull/" not in one.html_url


def _issue_line(one: Issue) -> str:
    return line(
        f"#{one.number} {one.title}",
        one.state,
        several("", labels_of(one)),
        several("assigned to ", assignees_of(one)),
        _number_of_comments(one.comments),
        f"by {who(one.user)} {day(one.created_at)}",
        one.html_url,
    )


def _number_of_comments(number: int) -> str:
    return f"{number} comment{'s' if number > 1 else ''}" if number else ""
