"""The granted folders: there, readable, writable as granted, and apart from each other and from the home."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.cli.checks.finding import Finding, failed, fine, warning
from bot.domain.grant import FolderGrant

NAME = "Folder"


def folders(granted: Sequence[FolderGrant], home: Path) -> Iterator[Finding]:
    """One finding per grant, and one per pair that overlaps."""
    if not granted:
        yield fine(
            "Folders", "none granted; set COWORK_FOLDERS, or use --folder, to let tasks work on your files"
        )
    for grant in granted:
        yield _alone(grant, home.resolve())
    for number, grant in enumerate(granted):
        yield from _overlaps(grant, granted[:number])


def _alone(grant: FolderGrant, home: Path) -> Finding:
    path = Path(grant.path)
    if not path.exists():
        return failed(NAME, f"{path} does not exist.", "Make it, or take it out of COWORK_FOLDERS.")
    if not path.is_dir():
        return failed(
            NAME,
            f"{path} is not a folder.",
            "Grant the folder that holds it, or take it out of COWORK_FOLDERS.",
        )
    if not os.access(path, os.R_OK | os.X_OK, effective_ids=True):
        return failed(NAME, f"{path} cannot be read.", _rights("read it", path))
    if grant.writable and not os.access(path, os.W_OK, effective_ids=True):
        remedy = f"{_rights('write there', path)} Or grant it for reading only: {path}:ro"
        return failed(NAME, f"{path} is granted for writing, but cannot be written to.", remedy)
    return _near_home(grant, path, home) or fine(NAME, f"{path} ({_mode(grant)})")


def _near_home(grant: FolderGrant, path: Path, home: Path) -> Finding | None:
    if path == home or home in path.parents:
        remedy = "Grant another folder: what is in COWORK_HOME stays closed to tasks."
        return failed(NAME, f"{path} lies inside Cowork's own home, {home}.", remedy)
    if path in home.parents:
        remedy = "Set COWORK_HOME to a place outside it; until then the home in it stays closed to tasks."
        return warning(NAME, f"{path} ({_mode(grant)}) contains Cowork's own home, {home}.", remedy)
    return None


def _overlaps(grant: FolderGrant, others: Sequence[FolderGrant]) -> Iterator[Finding]:
    path = Path(grant.path)
    for other in others:
        beside = Path(other.path)
        if path == beside:
            found = f"{path} is granted twice ({_mode(other)}; {_mode(grant)})."
            yield warning(NAME, found, "Keep one of the two in COWORK_FOLDERS; the stricter one holds.")
        elif path in beside.parents or beside in path.parents:
            inner, outer = (grant, other) if beside in path.parents else (other, grant)
            found = f"{inner.path} ({_mode(inner)}) lies inside {outer.path} ({_mode(outer)})."
            if inner.writable == outer.writable:
                yield warning(NAME, found, "Take the inner one out of COWORK_FOLDERS: it adds nothing.")
            else:
                yield warning(
                    NAME, found, "The inner grant decides there; keep both only if that is what you mean."
                )


def _rights(what: str, path: Path) -> str:
    return f"Let the user who runs Cowork {what} (the rights of {path} and of the folders above it)."


def _mode(grant: FolderGrant) -> str:
    return "read and write" if grant.writable else "read only"
