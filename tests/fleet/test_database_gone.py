"""What PostgreSQL refuses for a while is an outage, and not a fault of ours."""

from __future__ import annotations

import os
from contextlib import suppress

import pytest
from sqlalchemy import event, text

from bot.errors import DatabaseOut, NotConfigured
from bot.store import seats
from bot.store.solitude import Solitude
from tests.store import databases
from tests.store.conftest import NOW

READ_ONLY = text("SET LOCAL transaction_read_only = on")
HOLDERS = text(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
ENDED = text("SELECT pg_terminate_backend(:pid, 10000)")
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


@pytest.mark.parametrize("together", [True, False])
def test_a_place_that_was_lost_with_its_connection_is_taken_again(together, database, tmp_path):
    ours, others = Solitude(tmp_path / "a"), Solitude(tmp_path / "b")
    ours.take(database, together=together)
    ended(database, holder(database))

    ours.stay()

    with pytest.raises(NotConfigured, match="already running with this database"):
        others.take(database)
    ours.leave()
    others.take(database)
    others.leave()


def test_a_place_that_another_took_meanwhile_is_lost(database, tmp_path):
    ours, others = Solitude(tmp_path / "a"), Solitude(tmp_path / "b")
    ours.take(database)
    ended(database, holder(database))
    others.take(database)

    for _ in range(2):
        with pytest.raises(NotConfigured, match="already running with this database"):
            ours.stay()
    others.leave()
    ours.stay()
    with pytest.raises(NotConfigured, match="already running with this database"):
        others.take(database)
    ours.leave()


def test_our_own_connection_that_the_server_has_not_missed_yet_is_nobody_else(database, tmp_path):
    taken = []
    event.listen(database.engine, "checkout", lambda connection, *_: taken.append(connection))
    ours = Solitude(tmp_path)
    ours.take(database)
    held = holder(database)
    still_open = cut_here(next(one for one in taken if one.info.backend_pid == held))

    for _ in range(1000):
        with suppress(DatabaseOut):
            ours.stay()
            break
    else:
        pytest.fail("the server went on with a connection that nobody has")

    assert holder(database) != held
    os.close(still_open)
    ours.leave()


def test_a_server_that_is_gone_is_an_outage_for_who_would_take_its_place_again(database, tmp_path):
    ours = Solitude(tmp_path)
    ours.take(database)
    databases.drop_postgres(database.url)

    with pytest.raises(DatabaseOut):
        ours.stay()
    ours.leave()


def holder(database):
    """The one connection that has the lock."""
    with database.read() as session:
        [pid] = session.execute(HOLDERS).scalars()
    return pid


def cut_here(connection):
    """For us it is broken, for the server it is not: somebody still holds its other end."""
    number = connection.fileno()
    still_open = os.dup(number)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, number)
    os.close(nothing)
    return still_open


def ended(database, pid):
    with database.engine.connect() as connection:
        connection.execute(ENDED, {"pid": pid})


def test_the_place_is_held_outside_of_any_transaction(database, tmp_path):
    """The server ends what is idle in a transaction after ten seconds, and the lock with it."""
    ours = Solitude(tmp_path)
    ours.take(database)
    state = text("SELECT state FROM pg_stat_activity WHERE pid = :pid")

    with database.read() as session:
        assert session.execute(state, {"pid": holder(database)}).scalar_one() == "idle"
    ours.leave()
