"""Copies of SQLite files: whole and of one moment, while others write."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from bot.errors import NotConfigured


def copy(source: Path, target: Path) -> None:
    """In one step, so that it is one moment. The target is one file, without a log beside it."""
    if not source.is_file():
        raise NotConfigured(f"There is no database at {source}.")
    try:
        with contextlib.closing(_opened(source)) as old, contextlib.closing(sqlite3.connect(target)) as new:
            old.backup(new)
        flatten(target)
    except sqlite3.Error as error:
        raise NotConfigured(
            f"{source} could not be copied to {target.parent.parent} ({error}). Is there room on that disk?"
        ) from error
    check(target)


def flatten(path: Path) -> None:
    """Nothing of it is left in a log beside it, so that it can be moved. Nobody else has it open."""
    with contextlib.closing(_opened(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")


def check(path: Path) -> None:
    """Raises `NotConfigured` when the file is damaged."""
    try:
        with contextlib.closing(_opened(path)) as database:
            (found,) = database.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise NotConfigured(f"The database {path.name} is damaged: {found}.")


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=30)
