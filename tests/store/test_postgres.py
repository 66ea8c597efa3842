"""On PostgreSQL what gives nothing back is not waited for: it fails its unit all the same, and the next is sound."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.domain.event import News
from bot.errors import DatabaseOut
from bot.store import events, postgres
from bot.store.database import Database
from bot.store.statements import put, run
from tests.store import databases
from tests.store.conftest import NOW

ME = text("SELECT pg_backend_pid()")


@pytest.fixture
def database():
    database = databases.postgres()
    yield database
    database.close()


def told(database):
    with database.read() as session:
        return [event.data["number"] for event in events.of_task(session, 1)]


def tell(session, number):
    events.append(session, 1, News.SAID, now=NOW, data={"number": number})


def end(database, pid):
    with database.write("test") as session:
        run(session, text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})


def test_what_was_not_waited_for_is_seen_by_what_is_asked_next(database):
    with database.write("test") as session:
        tell(session, 1)
        tell(session, 2)
        assert [event.data["number"] for event in events.of_task(session, 1)] == [1, 2]
    assert told(database) == [1, 2]


@pytest.mark.parametrize("asks_more", [False, True])
def test_one_that_fails_fails_its_unit_and_nothing_of_it_is_kept(database, asks_more):
    with pytest.raises(Exception, match="division by zero"), database.write("test") as session:
        tell(session, 1)
        put(session, text("SELECT 1 / 0"), {})
        tell(session, 2)
        if asks_more:
            run(session, ME)

    with database.write("test") as session:
        tell(session, 3)
    assert told(database) == [3]


def test_a_unit_that_is_given_up_keeps_nothing_of_what_it_did_not_wait_for(database):
    with pytest.raises(LookupError), database.write("test") as session:
        tell(session, 1)
        raise LookupError

    with database.write("test") as session:
        tell(session, 2)
    assert told(database) == [2]


def test_a_connection_that_is_lost_in_a_unit_is_an_outage_and_the_next_unit_has_another(database):
    with pytest.raises(DatabaseOut), database.write("test") as session:
        tell(session, 1)
        end(database, run(session, ME).scalar_one())
        tell(session, 2)

    with database.write("test") as session:
        tell(session, 3)
    assert told(database) == [3]


def test_a_connection_that_was_lost_while_it_rested_is_replaced_before_it_is_used():
    url = databases.migrated_postgres()
    seconds = iter(range(0, 10_000, 60))
    engine, other = postgres.engine(url, elapsed=lambda: next(seconds)), Database(url)
    with engine.connect() as connection:
        lost = connection.execute(ME).scalar_one()
    end(other, lost)
    with engine.connect() as connection:
        assert connection.execute(ME).scalar_one() != lost
    engine.dispose()
    other.close()
