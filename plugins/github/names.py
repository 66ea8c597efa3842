"""What calls name at GitHub: repositories, files, branches; never a way into something else."""

from __future__ import annotations

import re
from typing import Any

from bot.sdk import Context, ToolError

_REPOSITORY = re.compile(r"[A-Za-z0-9][\w-]*/[\w.-]+", re.ASCII)
_REF = re.compile(r"[^\s~^:?*\[\\\x00-\x1f\x7f]+")


def repository_named(repo: str) -> str:
    """The name as it goes into an address. Raises `ToolError` for what is none."""
    name = repo.strip()
    if not _REPOSITORY.fullmatch(name) or name.endswith(("/.", "/..")):
        raise ToolError(f"{repo!r} is not a repository. Write owner/name, as in acme/api.")
    return name


def in_repository(context: Context, repo: str, **_: Any) -> list[str]:
    """What a scope names, of an action on one repository."""
    return [repository_named(repo)]


def ref_named(ref: str) -> str:
    """A branch, a tag or a commit."""
    if not _REF.fullmatch(ref) or ".." in ref or ref.startswith(("/", "-")) or ref.endswith("/"):
        raise ToolError(f"{ref!r} is not a branch, tag or commit.")
    return ref


def file_named(path: str) -> str:
    """A path within a repository, "" for its root."""
    parts = [part for part in path.strip("/").split("/") if part]
    if any(part in (".", "..") for part in parts) or "\\" in path or "\x00" in path:
        raise ToolError(f"{path!r} is not a path within the repository.")
    return "/".join(parts)
