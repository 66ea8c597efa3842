"""A goal and what overtook it may come at the same moment, at two fronts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from bot.domain.budget import Budget
from bot.domain.task import Autonomy
from bot.engine import course, early
from bot.engine.early import Kept
from bot.store.early import Early, Kind
from tests.engine.office import ANA, THREAD
from tests.eventually import eventually
from tests.store import databases

BLOCKED = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture
def database():
    database = databases.postgres()
    yield database
    database.close()


def test_a_reply_that_comes_while_its_goal_begins_is_not_kept_for_it(new_office, database):
    office = new_office(database=database)
    reply = Early(kind=Kind.WORDS, person=ANA, place=THREAD, ts="1700000001.000100", text="Only 2024")

    def is_blocked():
        with database.read() as session:
            return session.execute(BLOCKED).scalar_one() > 0

    with ThreadPoolExecutor(1) as pool:
        with database.write("test") as session:
            course.begin(
                session,
                ANA,
                THREAD,
                "Tidy the reports",
                autonomy=Autonomy.CHECKPOINT,
                folders=(),
                budget=Budget(turns=10),
                now=office.clock(),
            )
            assert early.take(session, THREAD, "goal") == []
            kept = pool.submit(office.intake.await_goal, reply, key="reply", sent_at=office.clock())
            eventually(lambda: is_blocked() or kept.done())
        assert kept.result(10) is Kept.BEGUN
