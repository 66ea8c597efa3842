"""What hangs on an issue or a pull request, written: labels, the people it is assigned to, comments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from github.IssueComment import IssueComment

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.github.issue_writes import Body, People, Where, changed, left_out
from plugins.github.issues import Number
from plugins.github.names import in_repository
from plugins.github.words import assignees_of, found_by_mark, labels_of, several, shown, to_readers, written

Labels = Annotated[tuple[str, ...], "Names of labels."]


def _with(now: Iterable[str], add: Iterable[str], remove: Iterable[str]) -> list[str]:
    """Case does not count in a label, and the way it is written stays."""
    gone = {one.casefold() for one in remove}
    kept = [one for one in now if one.casefold() not in gone]
    there = {one.casefold() for one in kept}
    return sorted([*kept, *(one for one in dict.fromkeys(add) if one.casefold() not in there)])


def _label_detail(
    context: Context, repo: str, number: int, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()
) -> str:
    now = labels_of(context.client.issue(repo, number))
    return f"Now: {', '.join(now) or 'none'}\nThen: {', '.join(_with(now, add, remove)) or 'none'}"


def _labelled(
    context: Context, repo: str, number: int, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()
) -> Result | None:
    issue = context.client.issue(repo, number)
    now = labels_of(issue)
    if now != _with(now, add, remove):
        return None
    return changed(f"Labelled {repo}#{number}", "Labelled issue", issue, "", "\n".join(now))


def _label_back(context: Context, receipt: Receipt, repo: str, number: int, **_: Any) -> Result:
    issue = context.client.issue(repo, number)
    if "\n".join(labels_of(issue)) != receipt.after:
        raise ToolError(f"The labels of {receipt.where} were changed since: they are left as they are.")
    issue.edit(labels=receipt.before.split("\n") if receipt.before else [])
    return changed(
        f"Put the labels of {repo}#{number} back", "Labelled issue", issue, receipt.after, receipt.before
    )


@action(
    effect=Effect.CHANGE,
    items=in_repository,
    preview=lambda _, repo, number, add=(), remove=(), **__: (
        f"Label #{number} in {repo}: "
        + "; ".join(part for part in (several("add ", add), several("remove ", remove)) if part)
    ),
    detail=to_readers(_label_detail),
    example={"repo": "octocat/hello-world", "number": 1, "add": ["bug"]},
    inverse=Inverse(words="Put the old labels back", act=_label_back),
    settled=_labelled,
)
def label_issue(
    context: Context, repo: Where, number: Number, add: Labels = (), remove: Labels = ()
) -> Result:
    """Put labels on an issue or pull request, or take them off.

    A label that the repository does not have yet is made."""
    if not (add or remove):
        raise ToolError("Say which labels to add or to remove.")
    issue = context.client.issue(repo, number)
    before = labels_of(issue)
    issue.edit(labels=_with(before, add, remove))
    return changed(
        f"Labelled {repo}#{number} ({', '.join(labels_of(issue)) or 'no labels'})",
        "Labelled issue",
        issue,
        "\n".join(before),
        "\n".join(labels_of(issue)),
        undo="Put the old labels back",
    )


def _is_assigned(context: Context, repo: str, number: int, assignees: tuple[str, ...]) -> Result | None:
    issue = context.client.issue(repo, number)
    if {one.lower() for one in assignees_of(issue)} != {one.lower() for one in assignees}:
        return None
    return changed(f"Assigned {repo}#{number}", "Assigned issue", issue, "", " ".join(assignees_of(issue)))


def _assign_detail(context: Context, repo: str, number: int, assignees: tuple[str, ...]) -> str:
    now = assignees_of(context.client.issue(repo, number))
    return f"Now: {', '.join(now) or 'nobody'}\nThen: {', '.join(assignees) or 'nobody'}"


def _assign_back(context: Context, receipt: Receipt, repo: str, number: int, **_: Any) -> Result:
    issue = context.client.issue(repo, number)
    if assignees_of(issue) != receipt.after.split():
        raise ToolError(f"{receipt.where} was assigned to others since: it is left as it is.")
    issue.edit(assignees=list(receipt.before.split()))
    return changed(
        f"Put the assignees of {repo}#{number} back", "Assigned issue", issue, receipt.after, receipt.before
    )


@action(
    effect=Effect.CHANGE,
    items=in_repository,
    preview=lambda _, repo, number, assignees, **__: (
        f"Assign #{number} in {repo} to {', '.join(assignees) or 'nobody'}"
    ),
    detail=to_readers(_assign_detail),
    example={"repo": "octocat/hello-world", "number": 1, "assignees": ["octocat"]},
    inverse=Inverse(words="Put the old assignees back", act=_assign_back),
    settled=_is_assigned,
)
def assign_issue(context: Context, repo: Where, number: Number, assignees: People) -> Result:
    """Say whose an issue or pull request is from now on, instead of those it has; nobody's with an empty list."""
    issue = context.client.issue(repo, number)
    before = assignees_of(issue)
    issue.edit(assignees=list(assignees))
    after = assignees_of(issue)
    return changed(
        f"Assigned {repo}#{number} to {', '.join(after) or 'nobody'}.{left_out(assignees, after)} Link",
        "Assigned issue",
        issue,
        " ".join(before),
        " ".join(after),
        undo="Put the old assignees back",
    )


def _commented(comment: IssueComment, repo: str, number: int) -> Result:
    link = comment.html_url
    receipt = Receipt(
        effect=Effect.CREATE,
        what="Commented",
        where=link,
        after=shown(comment.body),
        undo="Delete the comment",
    )
    return Result(text=f"Commented on {repo}#{number}: {link}", receipt=receipt)


def _found_comment(context: Context, repo: str, number: int, **_: Any) -> Result | None:
    comment = found_by_mark(context, context.client.issue(repo, number).get_comments().reversed)
    return _commented(comment, repo, number) if comment else None


def _delete_comment(context: Context, receipt: Receipt, repo: str, number: int, **_: Any) -> Result:
    comment = context.client.issue(repo, number).get_comment(int(receipt.where.rpartition("-")[2]))
    if shown(comment.body) != receipt.after:
        raise ToolError(f"{receipt.where} was edited since: it is left as it is.")
    comment.delete()
    gone = Receipt(effect=Effect.DELETE, what="Deleted comment", where=receipt.where, before=receipt.after)
    return Result(text=f"Deleted the comment on {repo}#{number}.", receipt=gone)


@action(
    effect=Effect.CREATE,
    items=in_repository,
    preview=lambda _, repo, number, **__: f"Comment on #{number} in {repo}",
    detail=to_readers(lambda _, body, **__: body),
    example={"repo": "octocat/hello-world", "number": 1, "body": "Seen on Firefox, too."},
    inverse=Inverse(words="Delete the comment", act=_delete_comment),
    settled=_found_comment,
)
def add_comment(context: Context, repo: Where, number: Number, body: Body) -> Result:
    """Comment on an issue or pull request. Whoever follows it is told by GitHub."""
    comment = context.client.issue(repo, number).create_comment(written(context, body))
    return _commented(comment, repo, number)
