"""The schema of the queue that carries a fleet's hints: Procrastinate's own, brought to the installed release."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from bot.store import postgres

_EXISTS = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
_KEPT = text("CREATE TABLE IF NOT EXISTS procrastinate_schema (newest text NOT NULL)")
_NEWEST = text("SELECT newest FROM procrastinate_schema")
_FORGET = text("DELETE FROM procrastinate_schema")
_NOTE = text("INSERT INTO procrastinate_schema (newest) VALUES (:newest)")


def upgrade(connection: Connection) -> None:
    """In the caller's transaction. It names its migrations in their order, so the newest one applied is kept."""
    scripts = migrations()
    connection.execute(_KEPT)
    applied = connection.execute(_NEWEST).scalar()
    if applied == scripts[-1].name:
        return
    if not connection.execute(_EXISTS).scalar():
        _run(connection, _folder() / "schema.sql")
    else:
        for script in scripts:
            if applied is not None and script.name > applied:
                _run(connection, script)
    connection.execute(_FORGET)
    connection.execute(_NOTE, {"newest": scripts[-1].name})


def migrations() -> list[Path]:
    """Those of the installed release, in their order."""
    return sorted((_folder() / "migrations").glob("*.sql"))


def _folder() -> Path:
    import procrastinate  # only where there is PostgreSQL: the extra `postgres` brings it

    return Path(procrastinate.__file__).parent / "sql"


def _run(connection: Connection, script: Path) -> None:
    """As it is: the driver takes several statements where there are no parameters."""
    postgres.wait(connection)
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute(script.read_text("utf-8"))
