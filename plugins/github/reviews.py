"""Reviews of pull requests, written: approval, request for changes, remarks; each of the very commit that was read."""

from __future__ import annotations

from typing import Annotated, Any

from github.PullRequestReview import PullRequestReview
from pydantic import BaseModel, ConfigDict

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.github.issue_writes import Body, Where
from plugins.github.issues import Number
from plugins.github.names import in_repository
from plugins.github.words import found_by_mark, shown, to_readers, written

UNDO = "Dismiss the review"
_DONE = {
    "APPROVED": "Approved pull request",
    "CHANGES_REQUESTED": "Requested changes to",
    "COMMENTED": "Reviewed pull request",
    "DISMISSED": "Reviewed (dismissed since) pull request",
}
Commit = Annotated[str, "The whole head commit from get_pull_request: what was read is what is reviewed."]


class Remark(BaseModel):
    """Of a line as it is after the change."""

    model_config = ConfigDict(extra="forbid")

    path: str
    line: int
    body: str


Remarks = Annotated[tuple[Remark, ...], "Of single lines that the diff shows."]


def _reviewed(review: PullRequestReview, repo: str, number: int) -> Result:
    what = _DONE[review.state]
    undo = "" if review.state == "COMMENTED" else UNDO
    effect = Effect.PUBLISH if review.state == "APPROVED" else Effect.CREATE
    receipt = Receipt(effect=effect, what=what, where=review.html_url, after=shown(review.body), undo=undo)
    return Result(text=f"{what} {repo}#{number}: {review.html_url}", receipt=receipt)


def _review(
    context: Context,
    repo: str,
    number: int,
    commit: str,
    event: str,
    body: str,
    remarks: tuple[Remark, ...] = (),
) -> Result:
    pull = context.client.pull_request(repo, number)
    if pull.head.sha != commit:
        raise ToolError(
            f"The head commit of {repo}#{number} is not {commit}: read it again before you review it."
        )
    review = pull.create_review(
        commit=context.client.commit(commit),
        body=written(context, body),
        event=event,
        comments=[{"path": one.path, "line": one.line, "side": "RIGHT", "body": one.body} for one in remarks],
    )
    return _reviewed(review, repo, number)


def _found_review(context: Context, repo: str, number: int, **_: Any) -> Result | None:
    review = found_by_mark(context, context.client.pull_request(repo, number).get_reviews().reversed)
    return _reviewed(review, repo, number) if review else None


def _dismiss(context: Context, receipt: Receipt, repo: str, number: int, **_: Any) -> Result:
    review = context.client.pull_request(repo, number).get_review(int(receipt.where.rpartition("-")[2]))
    if review.state not in ("APPROVED", "CHANGES_REQUESTED") or shown(review.body) != receipt.after:
        raise ToolError(f"{receipt.where} was changed since: it is left as it is.")
    review.dismiss("Taken back")
    gone = Receipt(effect=Effect.CHANGE, what="Dismissed review", where=receipt.where, before=receipt.after)
    return Result(text=f"Dismissed the review of {repo}#{number}: {receipt.where}", receipt=gone)


def _in_full(
    context: Context, repo: str, number: int, commit: str, body: str = "", remarks: tuple[Remark, ...] = ()
) -> str:
    title = context.client.pull_request(repo, number).title
    lines = [f"{one.path}:{one.line}\n{one.body}" for one in remarks]
    return "\n\n".join(part for part in (f"{title} (commit {commit[:10]})", body, *lines) if part)


@action(
    effect=Effect.PUBLISH,
    items=in_repository,
    preview=lambda _, repo, number, **__: f"Approve pull request #{number} in {repo}",
    detail=to_readers(_in_full),
    example={"repo": "octocat/hello-world", "number": 1, "commit": "0" * 40},
    inverse=Inverse(words=UNDO, act=_dismiss),
    settled=_found_review,
)
def approve_pull_request(
    context: Context, repo: Where, number: Number, commit: Commit, body: Body = ""
) -> Result:
    """Approve a pull request, which may let it be merged. Read all of its diff first."""
    return _review(context, repo, number, commit, "APPROVE", body)


@action(
    effect=Effect.CREATE,
    items=in_repository,
    preview=lambda _, repo, number, **__: f"Request changes to #{number} in {repo}",
    detail=to_readers(_in_full),
    example={"repo": "octocat/hello-world", "number": 1, "commit": "0" * 40, "body": "It needs a test."},
    inverse=Inverse(words=UNDO, act=_dismiss),
    settled=_found_review,
)
def request_changes(
    context: Context, repo: Where, number: Number, commit: Commit, body: Body, remarks: Remarks = ()
) -> Result:
    """Review a pull request and ask for changes, which may keep it from being merged, with remarks on lines."""
    return _review(context, repo, number, commit, "REQUEST_CHANGES", body, remarks)


@action(
    effect=Effect.CREATE,
    items=in_repository,
    preview=lambda _, repo, number, **__: f"Review #{number} in {repo} without a verdict",
    detail=to_readers(_in_full),
    example={"repo": "octocat/hello-world", "number": 1, "commit": "0" * 40, "body": "A question or two."},
    settled=_found_review,
)
def review_pull_request(
    context: Context, repo: Where, number: Number, commit: Commit, body: Body, remarks: Remarks = ()
) -> Result:
    """Review a pull request without a verdict: a text, and remarks on lines. A plain comment is add_comment."""
    return _review(context, repo, number, commit, "COMMENT", body, remarks)
