"""Procrastinate's schema is brought to the installed release, in our own migration."""

from __future__ import annotations

from sqlalchemy import text

from bot.store import migrate, postgres, procrastinate_schema
from bot.store.database import Database
from tests.store import databases

JOBS = text("SELECT count(*) FROM procrastinate_jobs")
NEWEST = text("SELECT newest FROM procrastinate_schema")


def test_the_first_migration_lays_out_the_queue_and_a_second_changes_nothing(database):
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        assert connection.execute(JOBS).scalar() == 0
        newest = connection.execute(NEWEST).scalars().all()

    assert newest == [procrastinate_schema.migrations()[-1].name]


def test_a_database_of_an_older_release_of_the_queue_gets_what_it_lacks():
    """As if it had been laid out before the last migrations: the older schema, then those that came since."""
    database = Database(databases.empty_postgres())
    scripts = procrastinate_schema.migrations()
    known = next(number for number, script in enumerate(scripts) if script.name.startswith("03.02"))
    with database.engine.begin() as connection:
        postgres.wait(connection)
        for script in scripts[:known]:
            connection.connection.driver_connection.execute(script.read_text("utf-8"))
        connection.execute(text("CREATE TABLE procrastinate_schema (newest text NOT NULL)"))
        connection.execute(
            text("INSERT INTO procrastinate_schema VALUES (:name)"), {"name": scripts[known - 1].name}
        )

    migrate.upgrade(database)

    fresh = databases.postgres()
    assert functions(database) == functions(fresh)
    for one in (database, fresh):
        one.close()


def functions(database):
    query = text(
        "SELECT proname, pg_get_function_arguments(oid) FROM pg_proc WHERE proname LIKE 'procrastinate%' ORDER BY 1, 2"
    )
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]
