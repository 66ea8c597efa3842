"""Pull requests, written: opened from a branch of the same repository."""

from __future__ import annotations

from typing import Annotated, Any

from github.PullRequest import PullRequest

from bot.sdk import Context, Effect, Inverse, Receipt, Result, ToolError, action
from plugins.github.issue_writes import Body, Where, number_in
from plugins.github.names import in_repository, ref_named
from plugins.github.words import found_by_mark, to_readers, written

UNDO = "Close it without merging"


def _opened(pull: PullRequest, repo: str) -> Result:
    link = pull.html_url
    receipt = Receipt(
        effect=Effect.CREATE, what="Opened pull request", where=link, after=pull.title, undo=UNDO
    )
    return Result(text=f"Opened pull request {repo}#{pull.number}: {pull.title} {link}", receipt=receipt)


def _found_pull(context: Context, repo: str, **_: Any) -> Result | None:
    newest = context.client.repository(repo).get_pulls(state="all", sort="created", direction="desc")
    pull = found_by_mark(context, newest)
    return _opened(pull, repo) if pull else None


def _close(context: Context, receipt: Receipt, repo: str, **_: Any) -> Result:
    pull = context.client.pull_request(repo, number_in(receipt.where))
    if pull.state != "open" or pull.title != receipt.after:
        raise ToolError(f"{receipt.where} was changed since: it is left as it is.")
    pull.edit(state="closed")
    closed = Receipt(
        effect=Effect.CHANGE, what="Closed pull request", where=receipt.where, before="open", after="closed"
    )
    return Result(text=f"Closed {repo}#{pull.number}: {receipt.where}", receipt=closed)


def _in_full(
    context: Context, repo: str, title: str, head: str, base: str, body: str = "", draft: bool = False
) -> str:
    compared = context.client.repository(repo).compare(ref_named(base), ref_named(head))
    what = f"{head} → {base}: {compared.total_commits} commits, {len(compared.files)} files"
    return f"{title}\n{what}{', as a draft' if draft else ''}\n\n{body}".rstrip()


@action(
    effect=Effect.CREATE,
    items=in_repository,
    preview=lambda _, repo, title, **__: f"Open a pull request in {repo}: “{title}”",
    detail=to_readers(_in_full),
    example={"repo": "octocat/hello-world", "title": "Mend the login", "head": "fix/login", "base": "main"},
    inverse=Inverse(words=UNDO, act=_close),
    settled=_found_pull,
)
def open_pull_request(
    context: Context,
    repo: Where,
    title: Annotated[str, "One line."],
    head: Annotated[str, "The branch with the changes, of this repository."],
    base: Annotated[str, "The branch they are to go into, as in main."],
    body: Body = "",
    draft: bool = False,
) -> Result:
    """Open a pull request from a branch that has commits; it is not merged. GitHub tells whoever owns the code."""
    pull = context.client.repository(repo).create_pull(
        base=ref_named(base), head=ref_named(head), title=title, body=written(context, body), draft=draft
    )
    return _opened(pull, repo)
