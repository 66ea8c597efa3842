"""Commits, read: the history of a branch or a file, and what one of them changes."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from typing import Annotated

from github.Commit import Commit
from github.GithubObject import NotSet

from bot.sdk import Context, Cursor, Effect, Offset, Result, action, line, listed
from plugins.github.client import page_from
from plugins.github.diffs import MOST_FILES, Below, changes
from plugins.github.issues import Repo
from plugins.github.names import file_named, in_repository, ref_named
from plugins.github.repositories import Ref
from plugins.github.words import day, first_line, readers


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, **__: f"List the commits of {repo}",
    example={"repo": "octocat/hello-world"},
)
def list_commits(
    context: Context,
    repo: Repo,
    ref: Ref = "",
    path: Annotated[str, "Only what changed this file or folder: its history."] = "",
    author: Annotated[str, "Only this person's: a login or an e-mail address."] = "",
    since: Annotated[date | None, "Only those of this day and after."] = None,
    cursor: Cursor = "",
) -> Result:
    """List commits, newest first, 20 a page, with author, day, first line and link; of a file with path."""
    found = context.client.repository(repo).get_commits(
        sha=ref_named(ref) if ref else NotSet,
        path=file_named(path) or NotSet,
        author=author or NotSet,
        since=datetime(since.year, since.month, since.day) if since else NotSet,
    )
    return listed(page_from(found, cursor), _commit_line, what="commits")


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, ref, **__: f"Read what commit {ref} of {repo} changes",
    example={"repo": "octocat/hello-world", "ref": "main"},
)
def get_commit(
    context: Context,
    repo: Repo,
    ref: Annotated[str, "The commit, or a branch or tag for its last one."],
    path: Below = "",
    offset: Offset = 0,
) -> Result:
    """Read one commit: who, when, its whole message, and what it changes, file by file.

    What follows comes with offset; for one file of many say its path."""
    commit = context.client.repository(repo).get_commit(ref_named(ref)).complete()
    about = f"{commit.commit.message}\n{_author(commit)}\n\n"
    files = list(islice(commit.files, MOST_FILES))
    return changes(f"{repo} {commit.sha[:10]}", files, commit.html_url, path, offset, about=about)


def _commit_line(one: Commit) -> str:
    return line(f"{one.sha[:10]} {first_line(one.commit.message)}", _author(one), one.html_url)


def _author(one: Commit) -> str:
    """Some commits have none."""
    author = one.commit.author
    return f"{author.name} {day(author.date)}" if author else ""
