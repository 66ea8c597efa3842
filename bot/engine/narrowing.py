"""Fewer folders than were granted, for one task: each inside one that is granted, by its real path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.domain.grant import FolderGrant
from bot.errors import NotAllowed
from bot.policy import scope


def narrowed(granted: Sequence[FolderGrant], wanted: Sequence[FolderGrant]) -> tuple[FolderGrant, ...]:
    """Those wanted, each inside one that is granted. Raises `NotAllowed` for more than that."""
    return tuple(_inside(granted, one) for one in wanted)


def _inside(granted: Sequence[FolderGrant], wanted: FolderGrant) -> FolderGrant:
    path = str(Path(wanted.path).resolve()) if Path(wanted.path).is_absolute() else wanted.path
    around = scope.innermost(path, granted)
    if not around:
        names = ", ".join(grant.path for grant in granted) or "none"
        raise NotAllowed(f"The folder {wanted.path} is not granted. Granted: {names}.")
    if wanted.writable and not all(grant.writable for grant in around):
        raise NotAllowed(f"The folder {wanted.path} is granted for reading only.")
    if not Path(path).is_dir():
        raise NotAllowed(f"There is no folder {wanted.path}.")
    return FolderGrant(path=path, writable=wanted.writable)
