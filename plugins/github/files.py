"""Branches and files, written: each change is a commit, made on top of what was read."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from difflib import unified_diff
from typing import Annotated, Any
from urllib.parse import quote

from github.ContentFile import ContentFile
from github.Repository import Repository

from bot.sdk import Context, Effect, Inverse, NotFound, Receipt, Result, ToolError, action
from plugins.github.issue_writes import Where
from plugins.github.names import file_named, in_repository, ref_named, repository_named
from plugins.github.repositories import Path, content_of
from plugins.github.words import to_readers

Content = Annotated[str, "The whole file."]
Message = Annotated[str, "What the commit does, in a line."]
Branch = Annotated[str, "The branch to commit to, as in fix/login."]
DELETE = "Delete the file"
PUT_BACK = "Put the old version back"
_VERSION = "version "


def _start(repository: Repository, source: str) -> str:
    """What it stands for now; until it is fetched, the library takes the name for the sha."""
    return repository.get_commit(ref_named(source or "HEAD")).complete().sha


def _branch_made(context: Context, repo: str, branch: str, sha: str) -> Result:
    link = f"{context.client.web}/{repo}/tree/{quote(branch)}"
    receipt = Receipt(
        effect=Effect.CREATE,
        what="Made branch",
        where=link,
        after=f"{_VERSION}{sha}",
        undo="Delete the branch",
    )
    return Result(text=f"Made the branch {branch} in {repo} at {sha[:10]}: {link}", receipt=receipt)


def _found_branch(context: Context, repo: str, branch: str, source: str = "") -> Result | None:
    repository = context.client.repository(repo)
    wanted = _start(repository, source)
    there = [
        one
        for one in repository.get_git_matching_refs(f"heads/{ref_named(branch)}")
        if one.ref == f"refs/heads/{branch}"
    ]
    if not there:
        return None
    if there[0].object.sha != wanted:
        raise ToolError(f"There is a branch {branch} in {repo}, but elsewhere: look whether it is the one.")
    return _branch_made(context, repo, branch, wanted)


def _delete_branch(context: Context, receipt: Receipt, repo: str, branch: str, **_: Any) -> Result:
    ref = context.client.repository(repo).get_git_ref(f"heads/{ref_named(branch)}")
    if f"{_VERSION}{ref.object.sha}" != receipt.after:
        raise ToolError(f"There are commits on {branch} since: it is left as it is.")
    context.client.send("DELETE", f"/repos/{repository_named(repo)}/git/refs/heads/{quote(branch)}")
    gone = Receipt(effect=Effect.DELETE, what="Deleted branch", where=receipt.where, before=receipt.after)
    return Result(text=f"Deleted the branch {branch} in {repo}.", receipt=gone)


@action(
    effect=Effect.CREATE,
    items=in_repository,
    preview=lambda _, repo, branch, source="", **__: (
        f"Make the branch {branch} in {repo}" + (f", from {source}" if source else "")
    ),
    detail=to_readers(),
    example={"repo": "octocat/hello-world", "branch": "fix/login"},
    inverse=Inverse(words="Delete the branch", act=_delete_branch),
    settled=_found_branch,
)
def create_branch(
    context: Context,
    repo: Where,
    branch: Annotated[str, "Its name, as in fix/login."],
    source: Annotated[str, "The branch, tag or commit it starts from; the default branch without it."] = "",
) -> Result:
    """Make a branch, to write files to and open a pull request from."""
    repository = context.client.repository(repo)
    sha = _start(repository, source)
    repository.create_git_ref(f"refs/heads/{ref_named(branch)}", sha)
    return _branch_made(context, repo, branch, sha)


def _file(context: Context, repo: str, path: str, branch: str) -> ContentFile | None:
    """None where there is none, nor a branch for it."""
    found: ContentFile | list[ContentFile]
    try:
        found = context.client.repository(repo).get_contents(file_named(path), ref_named(branch))
    except NotFound:
        return None
    if isinstance(found, list):
        raise ToolError(f"{path} is a folder.")
    return found


def _sha(content: str) -> str:
    """As git names a file with this content."""
    written = content.encode()
    return hashlib.sha1(b"blob %d\0" % len(written) + written, usedforsecurity=False).hexdigest()


def _committed(written: Any, what: str, before: str, undo: str) -> Result:
    file, commit = written["content"], written["commit"]
    receipt = _receipt(file.sha, commit.html_url, what, before, undo)
    text = f"{what} {file.path} (sha {file.sha}), commit {commit.sha[:10]}: {commit.html_url}"
    return Result(text=text, receipt=receipt)


def _receipt(sha: str, link: str, what: str, before: str, undo: str) -> Receipt:
    effect = Effect.CHANGE if before else Effect.CREATE
    after = f"{_VERSION}{sha}"
    return Receipt(effect=effect, what=f"{what} file", where=link, before=before, after=after, undo=undo)


def _found_file(
    context: Context, repo: str, path: str, content: str, branch: str, sha: str = "", **_: Any
) -> Result | None:
    found = _file(context, repo, path, branch)
    there = found.sha if found else ""
    if there == sha:
        return None
    if found is None or there != _sha(content):
        raise ToolError(f"{path} was written by others on {branch} in {repo}: look at its history.")
    before, undo = (f"{_VERSION}{sha}", PUT_BACK) if sha else ("", DELETE)
    receipt = _receipt(there, found.html_url, "Changed" if sha else "Added", before, undo)
    return Result(text=f"{path} stands on {branch} in {repo} as asked: {found.html_url}", receipt=receipt)


def _is_run(path: str) -> bool:
    """A workflow is a program that GitHub runs with the repository's secrets, and an action a part of one."""
    return file_named(path).casefold().startswith((".github/workflows/", ".github/actions/"))


def _heeded(path: str) -> str:
    return " — GitHub will run it" if _is_run(path) else ""


def _also(_: Context, path: str, **__: Any) -> Effect | None:
    """To write what is run is to set it going: a person sees it, however the action is switched."""
    return Effect.PUBLISH if _is_run(path) else None


def _delete_file(context: Context, receipt: Receipt, repo: str, path: str, branch: str, **_: Any) -> Result:
    found = _still(context, receipt, repo, path, branch)
    deleted = context.client.repository(repo).delete_file(
        file_named(path), f"Delete {path}: its creation was undone", found.sha, branch=branch
    )
    link = deleted["commit"].html_url
    gone = Receipt(effect=Effect.DELETE, what="Deleted file", where=link, before=receipt.after)
    return Result(text=f"Deleted {path} on {branch} in {repo}: {link}", receipt=gone)


def _still(context: Context, receipt: Receipt, repo: str, path: str, branch: str) -> ContentFile:
    found = _file(context, repo, path, branch)
    if found is None or f"{_VERSION}{found.sha}" != receipt.after:
        raise ToolError(f"{path} was changed since on {branch}: it is left as it is.")
    return found


@action(
    effect=Effect.CREATE,
    items=in_repository,
    preview=lambda _, repo, path, branch, **__: f"Add {path} on {branch} in {repo}{_heeded(path)}",
    detail=to_readers(lambda _, content, message, **__: f"Commit: {message}\n\n{content}"),
    example={
        "repo": "octocat/hello-world",
        "path": "docs/login.md",
        "content": "# Login\n",
        "message": "Say how to log in",
        "branch": "main",
    },
    inverse=Inverse(words=DELETE, act=_delete_file),
    settled=_found_file,
    besides=_also,
)
def create_file(
    context: Context, repo: Where, path: Path, content: Content, message: Message, branch: Branch
) -> Result:
    """Add a new text file to a branch, as a commit. For one that is there use update_file."""
    written = context.client.repository(repo).create_file(
        file_named(path), message, content, branch=ref_named(branch)
    )
    return _committed(written, "Added", "", DELETE)


def _difference(
    context: Context, repo: str, path: str, content: str, message: str, branch: str, sha: str
) -> str:
    found = _file(context, repo, path, branch)
    if found is None or found.sha != sha:
        return f"Commit: {message}\n\n{path} is not what was read any more: GitHub will refuse this."
    before = content_of(context, repo, found).splitlines()
    lines = unified_diff(before, content.splitlines(), "now", "then", lineterm="")
    return f"Commit: {message}\n\n" + "\n".join(lines)


def _put_back(context: Context, receipt: Receipt, repo: str, path: str, branch: str, **_: Any) -> Result:
    found = _still(context, receipt, repo, path, branch)
    repository = context.client.repository(repo)
    old = b64decode(repository.get_git_blob(receipt.before.removeprefix(_VERSION)).content)
    message = f"Put {path} back: its change was undone"
    written = repository.update_file(file_named(path), message, old, found.sha, branch=branch)
    return _committed(written, "Put back", receipt.after, "")


@action(
    effect=Effect.CHANGE,
    items=in_repository,
    preview=lambda _, repo, path, branch, **__: f"Change {path} on {branch} in {repo}{_heeded(path)}",
    detail=to_readers(_difference),
    example={
        "repo": "octocat/hello-world",
        "path": "README.md",
        "content": "# Hello\n",
        "message": "A shorter README",
        "branch": "main",
        "sha": "287c8bc55daa62495ada3644975581828ecf21bb",
    },
    inverse=Inverse(words=PUT_BACK, act=_put_back),
    settled=_found_file,
    besides=_also,
)
def update_file(
    context: Context,
    repo: Where,
    path: Path,
    content: Content,
    message: Message,
    branch: Branch,
    sha: Annotated[str, "The file's sha from read_file of this branch: GitHub refuses if it changed since."],
) -> Result:
    """Replace a text file on a branch, as a commit. Read it on that branch first."""
    written = context.client.repository(repo).update_file(
        file_named(path), message, content, sha, branch=ref_named(branch)
    )
    return _committed(written, "Changed", f"{_VERSION}{sha}", PUT_BACK)
