"""The database: reachable, open for writing, and at this release's schema."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.checks.finding import Finding, failed, fine, warning
from bot.errors import DatabaseOut
from bot.store import address, migrate
from bot.store.address import shown
from bot.store.database import Database

NAME = "Database"


def database(given: str, home: Path) -> Iterator[Finding]:
    try:
        url = address.known(given)
        if is_unborn(url, home):
            yield fine(NAME, f"{shown(url)} (made at the first start)")
        else:
            yield _tried(url)
    except address.Unusable as unusable:
        yield failed(NAME, unusable.found, unusable.remedy)


def is_unborn(url: URL, home: Path) -> bool:
    """An SQLite file in a place where it can be made."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return False
    path = Path(url.database)
    return not path.exists() and (path.parent.is_dir() or path.parent == home)


def _tried(url: URL) -> Finding:
    try:
        return _opened(url)
    except (DatabaseOut, SQLAlchemyError) as error:
        return failed(NAME, f"{shown(url)} cannot be used: {_first_line(error)}", _remedy(url))


def _opened(url: URL) -> Finding:
    database = Database(url)
    try:
        with database.write("doctor.try") as session:
            at = MigrationContext.configure(session.connection()).get_current_revision()
    finally:
        database.close()
    return _standing(url, at)


def _standing(url: URL, at: str | None) -> Finding:
    scripts = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    if at == scripts.get_current_head():
        return fine(NAME, f"{shown(url)} (schema {at})")
    if at is None:
        return fine(NAME, f"{shown(url)} (empty; its tables are made at the first start)")
    if at in {script.revision for script in scripts.walk_revisions()}:
        found = f"{shown(url)} has the schema of an older release ({at})."
        return warning(
            NAME,
            found,
            "`cowork up` and `cowork migrate` bring it up to date; `cowork backup FILE` before that keeps a way back.",
        )
    found = f"{shown(url)} has a schema that this release does not know ({at})."
    return failed(
        NAME, found, "A newer release wrote it: start that one, or restore a backup from before it."
    )


def _remedy(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return (
            "Is its disk full? Look at the rights of the file and its folder; if the file is damaged, "
            "restore a backup, or move it away to begin anew."
        )
    return "Is the server running, and are host, name, user and password in COWORK_DATABASE_URL right?"


def _first_line(error: Exception) -> str:
    cause = error.__cause__ or error
    said = str(getattr(cause, "orig", None) or cause).strip().splitlines()
    return said[0] if said else type(error).__name__
