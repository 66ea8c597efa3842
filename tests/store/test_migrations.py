"""Migrations bring an empty database to the tables of this release, and touch nothing newer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from bot.errors import NotConfigured
from bot.store import migrate, tasks
from bot.store.database import Database
from tests.store import databases


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request, tmp_path):
    url = f"sqlite:///{tmp_path}/empty.sqlite" if request.param == "sqlite" else databases.empty_postgres()
    database = Database(url)
    yield database
    database.close()


def revision(database):
    with database.engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()


def test_an_empty_database_gets_exactly_the_tables_of_this_release(empty):
    migrate.upgrade(empty)

    names = {name for name in inspect(empty.engine).get_table_names() if is_ours(name)}
    assert names == {*SQLModel.metadata.tables, "alembic_version"}
    with empty.engine.connect() as connection:
        options = {"compare_type": True, "include_name": lambda name, *_: is_ours(name or "")}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def is_ours(name):
    """The queue of a fleet has tables of its own (tests/fleet/test_schema.py)."""
    return not name.startswith("procrastinate_")


def test_a_second_upgrade_changes_nothing(empty, new_task):
    migrate.upgrade(empty)
    before = revision(empty)
    with empty.write("test") as session:
        task = new_task(session)

    migrate.upgrade(empty)

    assert revision(empty) == before
    with empty.read() as session:
        assert tasks.get(session, task.id) == task


def test_a_database_of_a_newer_release_is_refused_and_left_alone(empty, new_task):
    migrate.upgrade(empty)
    with empty.write("test") as session:
        task = new_task(session)
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(NotConfigured, match=r"revision 9999.*newer release"):
        migrate.upgrade(empty)

    assert revision(empty) == "9999"
    with empty.read() as session:
        assert tasks.get(session, task.id) == task


def test_the_migrations_are_one_line_in_the_order_of_their_files():
    scripts = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert [script.revision for script in scripts.walk_revisions()][::-1] == migrate.REVISIONS


def test_a_start_on_a_database_of_this_release_does_not_wait_for_alembic(tmp_path):
    url = f"sqlite:///{tmp_path}/kept.sqlite"
    start = (
        "import sys; from bot.store import migrate; from bot.store.database import Database; "
        f"migrate.upgrade(Database({url!r})); print('alembic' in sys.modules)"
    )
    starts = [subprocess.run([sys.executable, "-c", start], capture_output=True, text=True) for _ in range(2)]
    assert [one.stdout.strip() for one in starts] == ["True", "False"]
