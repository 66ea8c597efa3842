"""A connection to PostgreSQL that is cut in the middle of a unit is an outage, which passes, and no fault of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from bot.errors import DatabaseOut
from bot.store.database import Database
from tests.store import databases

CUT = text("SELECT pg_terminate_backend(pg_backend_pid())")
ONE = text("SELECT 1")


@pytest.fixture
def database() -> Iterator[Database]:
    database = databases.postgres()
    yield database
    database.close()


def test_a_unit_of_writing_whose_connection_is_cut_is_an_outage_and_the_next_one_works(
    database: Database,
) -> None:
    with pytest.raises(DatabaseOut), database.write("test") as session:
        session.execute(CUT)

    with database.write("test") as session:
        assert session.execute(ONE).scalar_one() == 1


def test_a_read_whose_connection_is_cut_is_an_outage_and_the_next_one_works(database: Database) -> None:
    with pytest.raises(DatabaseOut), database.read() as session:
        session.execute(CUT)

    with database.read() as session:
        assert session.execute(ONE).scalar_one() == 1
