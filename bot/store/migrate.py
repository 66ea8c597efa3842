"""Bring the database to the schema of this release; run at every start, and by `cowork migrate`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.errors import NotConfigured
from bot.store import procrastinate_schema
from bot.store.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
REVISIONS = sorted(script.name.partition("_")[0] for script in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
"""A migration's file is named for its revision: tests/store/test_migrations.py holds Alembic to it."""

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('cowork:migrate'))")
_AS_LONG_AS_IT_TAKES = text(
    "SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN ('statement_timeout', 'transaction_timeout')"
)


def upgrade(database: Database) -> None:
    """Raises `NotConfigured` when the database was written by a newer release."""
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(_ONE_AT_A_TIME)
            connection.execute(_AS_LONG_AS_IT_TAKES)
            procrastinate_schema.upgrade(connection)
        current = _revision(connection)
        if current != REVISIONS[-1]:
            _bring_up(connection, current)


def _revision(connection: Connection) -> str | None:
    """As Alembic keeps it; None for a database without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _bring_up(connection: Connection, current: str | None) -> None:
    from alembic import command  # a sixteenth of a start, and only a new release needs it
    from alembic.config import Config

    if current is not None and current not in REVISIONS:
        raise NotConfigured(
            f"The database is at revision {current}, which this release does not know. "
            "It was written by a newer release: start that one, or restore a backup from before it."
        )
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
