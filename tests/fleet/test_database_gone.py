"""What PostgreSQL refuses for a while is an outage, and not a fault of ours."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.errors import DatabaseOut
from bot.store import seats
from bot.store.solitude import Solitude
from tests.store.conftest import NOW

READ_ONLY = text("SET LOCAL transaction_read_only = on")
ENDED = text("SELECT pg_terminate_backend(:pid)")
MINE = text("SELECT pg_backend_pid()")


def test_a_server_that_takes_no_writes_for_now_is_out(database):
    with pytest.raises(DatabaseOut), database.write("test") as session:
        session.execute(READ_ONLY)
        seats.take(session, "clock", holder="a", now=NOW, until=NOW)


def test_a_connection_that_was_ended_in_the_middle_is_an_outage_and_the_next_unit_has_a_new_one(database):
    with pytest.raises(DatabaseOut), database.write("test") as session:
        ended(database, session.execute(MINE).scalar_one())
        seats.take(session, "clock", holder="a", now=NOW, until=NOW)

    with database.write("test") as session:
        assert seats.take(session, "clock", holder="a", now=NOW, until=NOW)


def test_a_fault_of_ours_is_not_passed_off_as_an_outage(database):
    with pytest.raises(Exception, match="nothing_of_ours") as raised, database.write("test") as session:
        session.execute(text("SELECT * FROM nothing_of_ours"))

    assert not isinstance(raised.value, DatabaseOut)


def test_a_place_that_was_lost_with_its_connection_is_taken_again(database, tmp_path):
    ours, others = Solitude(tmp_path / "a"), Solitude(tmp_path / "b")
    ours.take(database, together=True)
    with database.read() as session:
        [pid] = session.execute(text("SELECT pid FROM pg_locks WHERE locktype = 'advisory'")).scalars().all()
    ended(database, pid)

    ours.stay()

    with pytest.raises(Exception, match="already running with this database"):
        others.take(database)
    ours.leave()
    others.take(database)
    others.leave()


def ended(database, pid):
    with database.engine.connect() as connection:
        connection.execute(ENDED, {"pid": pid})
