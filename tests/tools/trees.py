"""A folder as a whole: every name in it with its kind, mode and content."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

Tree = dict[str, tuple[object, ...]]


def tree(root: Path) -> Tree:
    """Of files also the time of their last change."""
    return {str(path.relative_to(root)): _seen(path) for path in sorted(root.rglob("*"))}


def _seen(path: Path) -> tuple[object, ...]:
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        return "link", os.readlink(path)
    mode = oct(stat.S_IMODE(found.st_mode))
    if stat.S_ISDIR(found.st_mode):
        return "folder", mode
    return "file", mode, found.st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()
