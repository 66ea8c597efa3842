"""The heart of a process of the fleet, when the server is gone: an outage, and no fault of ours."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import event

from bot.domain.clock import SteadyClock, system_clock
from bot.domain.patience import Patience
from bot.engine.bell import Bell
from bot.engine.fleet.member import Member
from bot.engine.overdue import Overdue
from bot.engine.running import Running
from bot.errors import DatabaseOut
from bot.store import seats
from bot.store.moment import moment
from bot.store.solitude import Solitude
from tests.eventually import eventually
from tests.store import databases


@pytest.mark.parametrize("stays", [True, False])
def test_a_beat_while_the_server_is_gone_is_an_outage_and_the_process_can_leave(stays, database, tmp_path):
    """Whether the place beside the others is lost first, or the time is asked for first."""
    solitude = Solitude(tmp_path)
    solitude.take(database, together=True)
    member = Member(
        database,
        clock=SteadyClock(lambda: moment(database), look_every=math.inf),
        bell=Bell(),
        running=Running(),
        stay=solitude.stay if stays else lambda: None,
        lease=30,
        overdue=Overdue(Patience(), frozenset(), clock=system_clock),
    )
    databases.drop_postgres(database.url)

    with pytest.raises(DatabaseOut):
        member.start()
    solitude.leave()


def test_a_seat_that_a_standing_process_has_locked_keeps_nobody_from_starting(database, tmp_path):
    """It is somebody else's for now; the next beat after the lock is gone takes it."""
    event.listen(
        database.engine, "connect", lambda connection, _: connection.execute("SET lock_timeout = '200ms'")
    )
    member = Member(
        database,
        clock=SteadyClock(lambda: moment(database), look_every=math.inf),
        bell=Bell(),
        running=Running(),
        stay=lambda: None,
        lease=1.5,
        overdue=Overdue(Patience(), frozenset(), clock=system_clock),
        announces=True,
    )
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    with database.write("test") as session:
        seats.take(session, "announcer", holder="standing", now=long_ago, until=long_ago)
    with psycopg.connect(database.url.set(drivername="postgresql").render_as_string(False)) as standing:
        standing.execute("UPDATE seat SET until = until WHERE name = 'announcer'")
        member.start()
        assert not member.announcer.is_ours()

    eventually(member.announcer.is_ours)
    member.stop()
