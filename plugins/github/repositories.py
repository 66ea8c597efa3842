"""Repositories and what is in them, read."""

from __future__ import annotations

from base64 import b64decode
from textwrap import indent
from typing import Annotated, Any

from github.ContentFile import ContentFile
from github.GithubObject import NotSet
from github.GitRelease import GitRelease
from github.GitTreeElement import GitTreeElement
from github.Repository import Repository

from bot.sdk import (
    EVERYWHERE,
    Context,
    Cursor,
    Effect,
    Offset,
    Result,
    ToolError,
    action,
    line,
    listed,
    page_of,
    part_of,
)
from plugins.github.client import page_from
from plugins.github.connecting import repositories
from plugins.github.issues import Repo
from plugins.github.names import file_named, in_repository, ref_named
from plugins.github.words import day, readers, scope_words, shown

Ref = Annotated[str, "A branch, tag or commit; the default branch without it."]
Path = Annotated[str, "Within the repository, as in src/app.py."]
MOST_READ = 5_000_000
NOTES_SHOWN = 300


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda *_, **__: "List the repositories on GitHub",
    example={},
)
def list_repositories(
    context: Context, search: Annotated[str, "Only names with this in them."] = "", cursor: Cursor = ""
) -> Result:
    """List the repositories that were granted, the last pushed to first, 20 a page, with language and link."""

    def is_wanted(one: Repository) -> bool:
        return context.scope.covers(one.full_name) and search.lower() in one.full_name.lower()

    page = page_from(repositories(context.client), cursor, is_wanted)
    return listed(page, _repository_line, what="repositories", ids=[one.full_name for one in page.rows])


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda _, query, **__: f"Search GitHub's code for “{query}”",
    example={"query": "hello"},
)
def search_code(
    context: Context,
    query: Annotated[str, "As on github.com: words, language:python, path:src, filename:setup.cfg."],
    cursor: Cursor = "",
) -> Result:
    """Search the code on default branches of all repositories that were granted.

    Comes back with the paths of files, 20 a page; read_file shows what is in them. Large and new files may be missing.
    """
    words = f"{query} {scope_words(context.scope.patterns)}".strip()
    found = context.client.listing(ContentFile, "/search/code", q=words)
    page = page_from(found, cursor, lambda one: context.scope.covers(one.repository.full_name))
    return listed(
        page, lambda one: line(f"{one.repository.full_name}: {one.path}", one.html_url), what="files"
    )


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, **__: f"List the files of {repo}",
    example={"repo": "octocat/hello-world"},
)
def list_tree(
    context: Context,
    repo: Repo,
    path: Annotated[str, "Only what is below this folder."] = "",
    ref: Ref = "",
    cursor: Cursor = "",
) -> Result:
    """List all files of a repository, or of a folder in it, by path, with sizes, 100 a page."""
    folder, of = file_named(path), ref_named(ref or "HEAD")
    repository = context.client.repository(repo)
    tree = repository.get_git_tree(_folder(repository, folder, of) if folder else of, recursive=True)
    below = [one for one in tree.tree if one.type != "tree"]
    answer = listed(
        page_of(below, cursor, rows=100),
        lambda one: _file_line(one, f"{folder}/" if folder else ""),
        what="files",
    )
    cut = (
        "\nGitHub left out some: it is too large to list whole. Say a folder."
        if tree.raw_data.get("truncated")
        else ""
    )
    return Result(text=answer.text + cut)


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, path, **__: f"Read {path} in {repo}",
    example={"repo": "octocat/hello-world", "path": "README.md"},
)
def read_file(context: Context, repo: Repo, path: Path, ref: Ref = "", offset: Offset = 0) -> Result:
    """Read a text file of a repository, up to 5 MB.

    What follows a long one comes with offset. The sha in the first line is what update_file wants."""
    name = file_named(path)
    found = context.client.repository(repo).get_contents(name, ref_named(ref) if ref else NotSet)
    if isinstance(found, list) or found.type != "file":
        raise ToolError(f"{path} is not a file: list_tree shows what is there.")
    content = content_of(context, repo, found)
    head = line(f"{repo}: {name}", f"sha {found.sha}", found.html_url)
    return Result(text=f"{head}\n\n{part_of(content, offset)}")


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, **__: f"List the releases of {repo}",
    example={"repo": "octocat/hello-world"},
)
def list_releases(context: Context, repo: Repo, cursor: Cursor = "") -> Result:
    """List a repository's published releases, newest first, 20 a page, each with the beginning of its notes."""
    found = context.client.repository(repo).get_releases()
    return listed(page_from(found, cursor, lambda one: not one.draft), _release_line, what="releases")


@action(
    effect=Effect.READ,
    items=in_repository,
    audience=readers,
    preview=lambda _, repo, tag, **__: f"Read the release {tag} of {repo}",
    example={"repo": "octocat/hello-world", "tag": "v1.0.0"},
)
def get_release(
    context: Context, repo: Repo, tag: Annotated[str, "Its tag, as in v1.0.0."], offset: Offset = 0
) -> Result:
    """Read one release: its notes whole, and the files that come with it."""
    release = context.client.repository(repo).get_release(ref_named(tag))
    if release.draft:
        raise ToolError(f"The release {tag} of {repo} is a draft.")
    assets = [f"{one.name} ({one.size:,} bytes) {one.browser_download_url}" for one in release.assets]
    files = "\n".join(("\nFiles:", *assets)) if assets else ""
    head, _, _ = _release_line(release).partition("\n")
    return Result(text=part_of(f"{head}\n\n{shown(release.body) or '(no notes)'}\n{files}".rstrip(), offset))


def content_of(context: Context, repo: str, found: ContentFile) -> str:
    """The text of a file; one of more than 1 MB comes another way."""
    if found.size > MOST_READ:
        raise ToolError(f"{found.path} has {found.size:,} bytes, which is too much to read: {found.html_url}")
    part: Any = (
        found if found.encoding == "base64" else context.client.repository(repo).get_git_blob(found.sha)
    )
    content = decoded(part.content)
    if "\x00" in content:
        raise ToolError(f"{found.path} is not a text file: {found.html_url}")
    return content


def decoded(content: str) -> str:
    return b64decode(content).decode("utf-8", "replace")


def _repository_line(one: Repository) -> str:
    about = "private" if one.private else "public"
    archived = "archived" if one.archived else ""
    return line(one.full_name, one.description, one.language, about, archived, one.html_url)


def _folder(repository: Repository, folder: str, ref: str) -> str:
    """Its own tree: that of the whole repository may be too large."""
    above, _, name = folder.rpartition("/")
    found = repository.get_contents(above, ref)
    for one in found if isinstance(found, list) else ():
        if one.name == name and one.type == "dir":
            return one.sha
    raise ToolError(f"There is no folder {folder} at {ref}.")


def _file_line(one: GitTreeElement, folder: str) -> str:
    path = f"{folder}{one.path}"
    return f"{path} ({one.size:,} bytes)" if one.type == "blob" else f"{path} (another repository)"


def _release_line(one: GitRelease) -> str:
    kind = "prerelease" if one.prerelease else ""
    notes = shown(one.body).strip()
    head = line(f"{one.tag_name} {one.title or ''}".strip(), kind, day(one.published_at), one.html_url)
    part = notes if len(notes) <= NOTES_SHOWN else f"{notes[:NOTES_SHOWN]}… (get_release has the rest)"
    return f"{head}\n{indent(part, '  ')}" if notes else head
