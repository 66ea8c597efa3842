"""Bring the database to the schema of this release; run at every start, and by `cowork migrate`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.errors import NotConfigured
from bot.store import procrastinate_schema
from bot.store.database import Database

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('cowork:migrate'))")
_AS_LONG_AS_IT_TAKES = text(
    "SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN ('statement_timeout', 'transaction_timeout')"
)


def upgrade(database: Database) -> None:
    """Raises `NotConfigured` when the database was written by a newer release."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(_ONE_AT_A_TIME)
            connection.execute(_AS_LONG_AS_IT_TAKES)
            procrastinate_schema.upgrade(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        if current == scripts.get_current_head():
            return
        if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
            raise NotConfigured(
                f"The database is at revision {current}, which this release does not know. "
                "It was written by a newer release: start that one, or restore a backup from before it."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
