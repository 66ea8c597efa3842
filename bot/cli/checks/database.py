"""The database: reachable, open for writing, and at this release's schema."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from bot.cli.checks.finding import Finding, failed, fine, warning
from bot.errors import DatabaseOut
from bot.store import migrate
from bot.store.database import Database

NAME = "Database"
_SHAPE = "Use postgresql+psycopg://USER:PASSWORD@HOST/NAME, or leave COWORK_DATABASE_URL empty for SQLite."
_DRIVER = "Begin the URL with postgresql+psycopg://, and install the driver: uv sync --extra postgres"


def database(address: str, home: Path) -> Iterator[Finding]:
    try:
        url = make_url(address)
    except ArgumentError:
        yield failed(NAME, "COWORK_DATABASE_URL is not the URL of a database.", _SHAPE)
        return
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        yield failed(NAME, f"{url.get_backend_name()} is not a database that Cowork can use.", _SHAPE)
    elif _is_unborn(url, home):
        yield fine(NAME, f"{_shown(url)} (made at the first start)")
    else:
        yield _tried(url)


def _tried(url: URL) -> Finding:
    try:
        return _opened(url)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        return failed(NAME, f"There is no driver for {_shown(url)} ({error}).", _DRIVER)
    except (DatabaseOut, SQLAlchemyError) as error:
        return failed(NAME, f"{_shown(url)} cannot be used: {_first_line(error)}", _remedy(url))


def _opened(url: URL) -> Finding:
    database = Database(url)
    try:
        with database.write() as session:
            at = MigrationContext.configure(session.connection()).get_current_revision()
    finally:
        database.close()
    return _standing(url, at)


def _standing(url: URL, at: str | None) -> Finding:
    scripts = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    if at == scripts.get_current_head():
        return fine(NAME, f"{_shown(url)} (schema {at})")
    if at is None:
        return fine(NAME, f"{_shown(url)} (empty; its tables are made at the first start)")
    if at in {script.revision for script in scripts.walk_revisions()}:
        found = f"{_shown(url)} has the schema of an older release ({at})."
        return warning(NAME, found, "Run `cowork migrate`; `cowork up` does it by itself.")
    found = f"{_shown(url)} has a schema that this release does not know ({at})."
    return failed(
        NAME, found, "A newer release wrote it: start that one, or restore a backup from before it."
    )


def _is_unborn(url: URL, home: Path) -> bool:
    """An SQLite file in a place where it can be made."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return False
    path = Path(url.database)
    return not path.exists() and (path.parent.is_dir() or path.parent == home)


def _remedy(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return (
            "Look at the rights of the file and its folder; if the file is damaged, restore a backup, or move it "
            "away to begin anew."
        )
    return "Is the server running, and are host, name, user and password in COWORK_DATABASE_URL right?"


def _first_line(error: Exception) -> str:
    cause = error.__cause__ or error
    said = str(getattr(cause, "orig", None) or cause).strip().splitlines()
    return said[0] if said else type(error).__name__


def _shown(url: URL) -> str:
    """Without the password."""
    if url.get_backend_name() == "sqlite":
        return f"SQLite at {url.database}"
    return f"PostgreSQL at {url.render_as_string(hide_password=True)}"
