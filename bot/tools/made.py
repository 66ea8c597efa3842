"""What a task made itself, known by what the disk says of it.

A path would not do: a folder can be moved with what others put into it, and a name can come to mean another
file. A mark goes with the file when it is moved, and ends when anyone writes to it or replaces it.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.tools.workspace import Workspace


class Made:
    """The marks of what this task made. `known` gives those of its receipts, read when first asked."""

    def __init__(self, known: Callable[[], frozenset[str]]) -> None:
        self._known = known
        self._marks: set[str] | None = None

    def add(self, mark: str) -> None:
        self._all().add(mark)

    def knows(self, mark: str) -> bool:
        return mark in self._all()

    def holds(self, workspace: Workspace, path: str) -> bool:
        """The file or folder is as the task made it; a folder only with all that is in it."""
        if mark_of(workspace, path) not in self._all():
            return False
        if workspace.stat(path).kind != "folder":
            return True
        inside = workspace.listing(path, recursive=True, limit=None)
        return all(mark_of(workspace, entry.path) in self._all() for entry in inside)

    def _all(self) -> set[str]:
        if self._marks is None:
            self._marks = set(self._known())
        return self._marks


def mark_of(workspace: Workspace, path: str) -> str:
    """As `mark`, by the path."""
    identity = workspace.identity(path)
    if workspace.stat(path).kind == "folder":
        return ":".join(identity.split(":")[:2])
    return identity


def mark(device: int, inode: int, size: int, modified_ns: int, *, is_folder: bool) -> str:
    """Device and inode; of a file also its size and the time of its last change, in nanoseconds."""
    return f"{device}:{inode}" if is_folder else f"{device}:{inode}:{size}:{modified_ns}"
