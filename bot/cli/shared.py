"""What every verb shares: the settings, the two consoles, and one clear line for an error that someone can act on."""

from __future__ import annotations

import errno
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.grant import FolderGrant
from bot.errors import CoworkError, NotConfigured
from bot.settings import Settings, folder_grant
from bot.store import migrate
from bot.store.database import Database

out = Console(highlight=False, emoji=False)  # “=read:on:” is no picture
err = Console(stderr=True, highlight=False, emoji=False)

USAGE = 2

_JOINERS = "\u200c\u200d"


@contextmanager
def told() -> Iterator[None]:
    """An error that someone can act on ends the command with its message, and exit code 2."""
    try:
        yield
    except BrokenPipeError:
        raise
    except CoworkError as error:
        fail(str(error))
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()
        fail(f"The database cannot be used: {said[0] if said else error}. `cowork doctor` says what to do.")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            fail("The disk is full. Make room, then try again: what was written before is kept.")
        fail(f"{error}. `cowork doctor` says what to do.")


def fail(message: str) -> NoReturn:
    """End with this line on standard error, and exit code 2."""
    err.print(legible(message), markup=False, style="red", soft_wrap=True)
    raise typer.Exit(USAGE) from None


def settings(**chosen: Any) -> Settings:
    """The operator's settings; `chosen` are given on the command line and win."""
    try:
        return Settings(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc'][:1]))}: {fault['msg']}" for fault in error.errors()]
    fail(f"{'; '.join(faults)}. Correct it in the environment or in .env.")


def granted(texts: list[str] | None) -> tuple[FolderGrant, ...] | None:
    """The folders of `--folder`; None when there are none. Raises `NotConfigured` for one that is not there."""
    return tuple(map(_granted, texts)) if texts else None


@contextmanager
def database(home: Path | None) -> Iterator[Database]:
    """The database at this release's schema, for verbs that need nothing else."""
    with told():
        chosen = settings(COWORK_HOME=home)
        chosen.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        opened = Database(chosen.database)
        try:
            migrate.upgrade(opened)
            yield opened
        finally:
            opened.close()


def _granted(text: str) -> FolderGrant:
    try:
        grant = folder_grant(text)
    except ValueError:  # ~nobody
        grant = FolderGrant(path=text)
    if not text.strip() or not Path(grant.path).is_dir():
        raise NotConfigured(
            f"There is no folder {grant.path if text else '“”'}. Give one that exists with --folder."
        )
    return grant


def is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def legible(text: str, *, lines: bool = True) -> str:
    """Text of others for a terminal: what could move the cursor or turn the line around is shown as an escape.

    Without `lines` a line break is, too: so that one name cannot pass for two entries of a list.
    """
    kept = _JOINERS + ("\n\t" if lines else "")
    if text.isprintable():
        return text
    return "".join(letter if letter in kept or _is_plain(letter) else _escape(letter) for letter in text)


def _is_plain(letter: str) -> bool:
    return letter.isprintable() or unicodedata.category(letter) == "Zs"


def _escape(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
