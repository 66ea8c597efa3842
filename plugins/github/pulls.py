"""Pull requests, read: what they are, who reviewed them, and what they change."""

from __future__ import annotations

from typing import Annotated

from github.GithubObject import NotSet
from github.PullRequest import PullRequest
from github.PullRequestComment import PullRequestComment
from github.PullRequestReview import PullRequestReview

from bot.sdk import Context, Cursor, Effect, Offset, Result, action, line, listed, part_of
from plugins.github.client import all_of, page_from
from plugins.github.diffs import Below, changes
from plugins.github.issues import STATES, Number, Repo, spoken
from plugins.github.names import in_repository, ref_named
from plugins.github.words import assignees_of, day, labels_of, readers, several, shown, who


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, **__: f"List the pull requests of {repo}",
    example={"repo": "octocat/hello-world"},
)
def list_pull_requests(
    context: Context,
    repo: Repo,
    state: STATES = "open",
    base: Annotated[str, "Only those into this branch."] = "",
    head: Annotated[str, "Only those from this branch, as owner:branch."] = "",
    cursor: Cursor = "",
) -> Result:
    """List a repository's pull requests, newest first, 20 a page, with branches, people and link.

    For words, labels or authors use search_issues with is:pr."""
    found = context.client.repository(repo).get_pulls(
        state=state, base=base or NotSet, head=head or NotSet, sort="created", direction="desc"
    )
    return listed(page_from(found, cursor), _pull_line, what="pull requests")


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, number, **__: f"Read pull request {repo}#{number}",
    example={"repo": "octocat/hello-world", "number": 1},
)
def get_pull_request(context: Context, repo: Repo, number: Number, offset: Offset = 0) -> Result:
    """Read one pull request: text, branches, size, whether it can be merged, reviews and all comments.

    The head commit in the facts is what a review wants. What it changes: read_pull_request_diff; its checks: get_checks
    with the head commit."""
    pull = context.client.pull_request(repo, number)
    facts = line(
        _state(pull),
        f"{pull.head.label} → {pull.base.label}",
        f"head commit {pull.head.sha}",
        f"{pull.commits} commits, {pull.changed_files} files, +{pull.additions} −{pull.deletions}",
        "" if pull.merged_at else f"mergeable: {pull.mergeable_state}",
        several("labels: ", labels_of(pull)),
        several("assigned to ", assignees_of(pull)),
        several("review asked of ", (one.login for one in pull.requested_reviewers or ())),
        f"by {who(pull.user)} {day(pull.created_at)}",
        pull.html_url,
    )
    parts = [
        f"{repo}#{number} {pull.title}\n{facts}\n\n{shown(pull.body) or '(no text)'}\n",
        *map(_review, all_of(pull.get_reviews())),
        *map(_remark, all_of(pull.get_review_comments())),
        spoken(all_of(pull.get_issue_comments())),
    ]
    return Result(text=part_of("\n".join(part for part in parts if part).rstrip(), offset))


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, number, **__: f"Read what {repo}#{number} changes",
    example={"repo": "octocat/hello-world", "number": 1},
)
def read_pull_request_diff(
    context: Context,
    repo: Repo,
    number: Number,
    path: Below = "",
    offset: Offset = 0,
) -> Result:
    """Read what a pull request changes: a list of files with their sizes, then the diff of each.

    At most 300 files. What follows comes with offset; for one file of many say its path."""
    pull = context.client.pull_request(repo, number)
    compared = context.client.repository(repo).compare(ref_named(pull.base.sha), ref_named(pull.head.sha))
    return changes(f"{repo}#{number}", compared.files, f"{pull.html_url}/files", path, offset)


def _pull_line(one: PullRequest) -> str:
    return line(
        f"#{one.number} {one.title}",
        _state(one),
        f"{one.head.label} → {one.base.ref}",
        several("", labels_of(one)),
        several("assigned to ", assignees_of(one)),
        f"by {who(one.user)} {day(one.created_at)}",
        one.html_url,
    )


def _state(one: PullRequest) -> str:
    if one.merged_at:
        return "merged"
    return "draft" if one.draft and one.state == "open" else one.state


def _review(one: PullRequestReview) -> str:
    verdict = one.state.lower().replace("_", " ")
    return f"\nReview by {who(one.user)}: {verdict} {day(one.submitted_at)} {one.html_url}\n{shown(one.body)}".rstrip()


def _remark(one: PullRequestComment) -> str:
    where = f"{one.path}:{one.line or one.original_line or '?'}"
    return f"\nOn {where} by {who(one.user)} {day(one.created_at)} {one.html_url}\n{shown(one.body)}"
