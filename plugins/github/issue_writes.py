"""Issues, written: opened, edited, closed, labelled, assigned, commented on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from github.GithubObject import NotSet
from github.Issue import Issue

from bot.sdk import Context, Destination, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.github.issues import Number
from plugins.github.names import in_repository
from plugins.github.words import assignees_of, found_by_mark, labels_of, several, shown, to_readers, written

Where = Annotated[str, "The repository as owner/name, as in acme/api.", Destination()]
Body = Annotated[str, "The text, in Markdown."]
People = Annotated[tuple[str, ...], "Their logins, without @.", Destination()]


def _opened(issue: Issue, repo: str, note: str = "") -> Result:
    link = issue.html_url
    receipt = Receipt(
        effect=Effect.CREATE, what="Opened issue", where=link, after=issue.title, undo="Close it"
    )
    return Result(text=f"Opened {repo}#{issue.number}: {issue.title} {link}{note}", receipt=receipt)


def left_out(asked: Iterable[str], there: Iterable[str]) -> str:
    """GitHub says nothing of what it did not take: of those whom it does not let choose labels and people."""
    have = {one.casefold() for one in there}
    missing = [one for one in asked if one.casefold() not in have]
    return (
        f" GitHub left out {', '.join(missing)}: not possible here, or not this connection's to say."
        if missing
        else ""
    )


def _found_issue(context: Context, repo: str, **_: Any) -> Result | None:
    newest = context.client.repository(repo).get_issues(state="all", sort="created", direction="desc")
    issue = found_by_mark(context, newest)
    return _opened(issue, repo) if issue else None


def _close_opened(context: Context, receipt: Receipt, repo: str, **_: Any) -> Result:
    issue = context.client.issue(repo, number_in(receipt.where))
    if issue.state != "open" or issue.title != receipt.after:
        raise ToolError(f"{receipt.where} was changed since: it is left as it is.")
    return _moved(repo, issue, "closed", "not_planned")


def _in_full(_: Context, title: str, body: str = "", **others: Any) -> str:
    facts = (
        several("Labels: ", others.get("labels", ())),
        several("Assigned to: ", others.get("assignees", ())),
    )
    head = "\n".join(part for part in (title, *facts) if part)
    return f"{head}\n\n{body}".rstrip()


@action(
    effect=Effect.CREATE,
    items=in_repository,
    preview=lambda _, repo, title, **__: f"Open an issue in {repo}: “{title}”",
    detail=to_readers(_in_full),
    example={"repo": "octocat/hello-world", "title": "Login fails", "body": "On Firefox.", "labels": ["bug"]},
    inverse=Inverse(words="Close it", act=_close_opened),
    settled=_found_issue,
)
def create_issue(
    context: Context,
    repo: Where,
    title: Annotated[str, "One line."],
    body: Body = "",
    labels: Annotated[tuple[str, ...], "Labels that the repository has."] = (),
    assignees: People = (),
) -> Result:
    """Open an issue. Look with search_issues first whether there is one already."""
    issue = context.client.repository(repo).create_issue(
        title=title,
        body=written(context, body),
        labels=list(labels) or NotSet,
        assignees=list(assignees) or NotSet,
    )
    there = (*labels_of(issue), *assignees_of(issue))
    return _opened(issue, repo, left_out((*labels, *assignees), there))


def _edited_text(issue: Issue, title: str | None, body: str | None) -> str:
    """Title and text as one, the way they are compared and put back."""
    return f"{title or issue.title}\n\n{shown(issue.body) if body is None else body}"


def _edit(context: Context, repo: str, number: int, title: str | None, body: str | None) -> tuple[Issue, str]:
    issue = context.client.issue(repo, number)
    before = _edited_text(issue, None, None)
    issue.edit(title=title or NotSet, body=NotSet if body is None else body)
    return issue, before


def _edited(
    context: Context, repo: str, number: int, title: str | None = None, body: str | None = None
) -> str:
    issue = context.client.issue(repo, number)
    now, then = _edited_text(issue, None, None), _edited_text(issue, title, body)
    return f"Now:\n{now}\n\nThen:\n{then}"


def _edit_back(context: Context, receipt: Receipt, repo: str, number: int, **_: Any) -> Result:
    issue = context.client.issue(repo, number)
    if _edited_text(issue, None, None) != receipt.after:
        raise ToolError(f"{receipt.where} was edited since: it is left as it is.")
    title, body = receipt.before.split("\n\n", 1)
    issue.edit(title=title, body=body)
    return changed(
        f"Put {repo}#{number} back as it was", "Edited issue", issue, receipt.after, receipt.before
    )


def _edit_stands(
    context: Context, repo: str, number: int, title: str | None = None, body: str | None = None
) -> Result | None:
    issue = context.client.issue(repo, number)
    stands = _edited_text(issue, title, body)
    if _edited_text(issue, None, None) != stands:
        return None
    return changed(f"Edited {repo}#{number}", "Edited issue", issue, "", stands)


@action(
    effect=Effect.CHANGE,
    items=in_repository,
    preview=lambda _, repo, number, **__: f"Edit issue #{number} in {repo}",
    detail=to_readers(_edited),
    example={"repo": "octocat/hello-world", "number": 1, "title": "Login fails on Firefox"},
    inverse=Inverse(words="Put the old text back", act=_edit_back),
    settled=_edit_stands,
)
def edit_issue(
    context: Context,
    repo: Where,
    number: Number,
    title: Annotated[str | None, "The new title; left as it is without."] = None,
    body: Annotated[str | None, "The whole new text, in Markdown; left as it is without."] = None,
) -> Result:
    """Replace the title or the whole text of an issue or pull request. Read it first; to add something, add_comment."""
    issue, before = _edit(context, repo, number, title, body)
    after = _edited_text(issue, None, None)
    return changed(
        f"Edited {repo}#{number}", "Edited issue", issue, before, after, undo="Put the old text back"
    )


def _moved(repo: str, issue: Issue, state: str, reason: str, undo: str = "") -> Result:
    before = issue.state
    issue.edit(state=state, state_reason=reason)
    word = "Closed" if state == "closed" else "Reopened"
    return changed(f"{word} {repo}#{issue.number}", f"{word} issue", issue, before, state, undo=undo)


def _moved_back(context: Context, receipt: Receipt, repo: str, number: int, **_: Any) -> Result:
    issue = context.client.issue(repo, number)
    if issue.state != receipt.after:
        raise ToolError(f"{receipt.where} was {issue.state} since: it is left as it is.")
    reason = "reopened" if receipt.before == "open" else "completed"
    return _moved(repo, issue, receipt.before, reason)


def _stands_in(state: str) -> Any:
    def settled(context: Context, repo: str, number: int, **_: Any) -> Result | None:
        issue = context.client.issue(repo, number)
        if issue.state != state:
            return None
        return changed(f"{repo}#{number} is {state}", f"Issue {state}", issue, "", state)

    return settled


@action(
    effect=Effect.CHANGE,
    items=in_repository,
    preview=lambda _, repo, number, reason="completed", **__: (
        f"Close issue #{number} in {repo} as {reason.replace('_', ' ')}"
    ),
    detail=to_readers(lambda context, repo, number, **_: context.client.issue(repo, number).title),
    example={"repo": "octocat/hello-world", "number": 1},
    inverse=Inverse(words="Reopen it", act=_moved_back),
    settled=_stands_in("closed"),
)
def close_issue(
    context: Context, repo: Where, number: Number, reason: Literal["completed", "not_planned"] = "completed"
) -> Result:
    """Close an issue (or a pull request, without merging it). Say why with add_comment before."""
    return _moved(repo, context.client.issue(repo, number), "closed", reason, undo="Reopen it")


@action(
    effect=Effect.CHANGE,
    items=in_repository,
    preview=lambda _, repo, number, **__: f"Reopen issue #{number} in {repo}",
    detail=to_readers(lambda context, repo, number, **_: context.client.issue(repo, number).title),
    example={"repo": "octocat/hello-world", "number": 1},
    inverse=Inverse(words="Close it", act=_moved_back),
    settled=_stands_in("open"),
)
def reopen_issue(context: Context, repo: Where, number: Number) -> Result:
    """Open a closed issue (or an unmerged pull request) again."""
    return _moved(repo, context.client.issue(repo, number), "open", "reopened", undo="Close it")


def number_in(link: str) -> int:
    """Of an issue, a pull request or a run."""
    number = link.partition("#")[0].rstrip("/").rpartition("/")[2]
    if not number.isdigit():
        raise ToolError(f"GitHub did not say which one it made: see {link}.")
    return int(number)


def changed(text: str, what: str, issue: Issue, before: str, after: str, undo: str = "") -> Result:
    link = issue.html_url
    receipt = Receipt(effect=Effect.CHANGE, what=what, where=link, before=before, after=after, undo=undo)
    return Result(text=f"{text}: {link}", receipt=receipt)
