"""Rings and stops pass between processes; each has its own connections."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from bot.engine.bell import Bell
from bot.engine.fleet.notices import Notices

PATIENCE = 60


class Process:
    def __init__(self, url, name):
        self.bell, self.stopped = Bell(), threading.Event()
        self.told = []
        self.notices = Notices(url, name=name, bell=self.bell, interrupt=self.interrupted)

    def interrupted(self, task_id):
        self.told.append(task_id)
        self.stopped.set()


@pytest.fixture
def processes(database):
    both = [Process(database.url, name) for name in ("one", "two")]
    for process in both:
        process.notices.start()
    yield both
    for process in both:
        process.notices.stop()


LISTENERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
)


def listening(database, count):
    """Until so many processes listen."""
    for _ in range(1000):
        with database.read() as session:
            if session.execute(LISTENERS).scalar_one() >= count:
                return
        threading.Event().wait(0.01)
    raise AssertionError("nobody listens")


def test_a_ring_in_one_process_is_heard_in_the_other(database, processes):
    one, two = processes
    listening(database, 2)
    seen = two.bell.wait(-1, 0)

    one.bell.ring()

    assert two.bell.wait(seen, PATIENCE) > seen


def test_a_stop_in_one_process_reaches_both_at_once_and_each_once(database, processes):
    one, two = processes
    listening(database, 2)

    one.notices.interrupt(42)

    assert two.stopped.wait(PATIENCE)
    assert (one.told, two.told) == ([42], [42])


def test_what_was_heard_from_another_is_not_passed_on():
    bell = Bell()
    own = bell.wait_own(-1, 0)
    bell.echo()
    assert bell.wait_own(own, 0) == own
    bell.ring()
    assert bell.wait_own(own, 0) == own + 1
