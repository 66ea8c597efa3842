"""`cowork up` on PostgreSQL: who comes in after it was cut off waits until it can change nothing any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app.vigil import SEAT, Vigil, name_of
from bot.domain.clock import uptime
from bot.engine.fleet.seat import Seat
from bot.engine.running import Running
from bot.errors import Halted, NotConfigured
from bot.store.database import Database
from bot.store.solitude import Solitude

LEASE = 30.0
CUT = text(
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Process:
    """One `cowork up`, as far as its place goes. `entered` counts how often it began to work."""

    def __init__(self, database: Database, home: Path, clock: Callable[[], datetime], lease: float) -> None:
        home.mkdir(exist_ok=True)
        self.solitude = Solitude(home)
        self.solitude.take(database)
        self.running = Running()
        self.entered = 0
        self.vigil = Vigil(
            self.solitude.stay,
            seat=Seat(SEAT, database, holder=name_of(home), seconds=LEASE, elapsed=uptime),
            clock=clock,
            running=self.running,
            lease=lease,
            enter=self._enter,
            lost=lambda: None,
        )

    def _enter(self) -> None:
        self.entered += 1


@pytest.fixture
def up(database, tmp_path):
    class Time:
        now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

    def made(home: str, *, lease: float = LEASE) -> Process:
        return Process(database, tmp_path / home, lambda: Time.now, lease)

    made.time = Time
    return made


def cut_off(database: Database) -> None:
    """Whoever holds the lock has lost it, and does not know yet."""
    with database.write("test") as session:
        session.execute(CUT)


def test_who_comes_in_from_another_home_waits_until_the_one_that_was_cut_off_is_surely_gone(up, database):
    first = up("a")
    first.vigil.look()
    cut_off(database)

    second = up("b")
    second.vigil.look()
    assert (first.entered, second.entered, second.vigil.is_ours()) == (1, 0, False)

    up.time.now += timedelta(seconds=LEASE + 1)
    second.vigil.look()
    second.vigil.look()
    assert (second.entered, second.vigil.is_ours()) == (1, True)
    with pytest.raises(NotConfigured, match="already running"):
        first.vigil.look()


def test_who_comes_back_to_its_own_home_goes_on_at_once(up, database):
    first = up("a")
    first.vigil.look()
    cut_off(database)

    again = up("a")
    again.vigil.look()

    assert (first.entered, again.entered) == (1, 1)


def test_who_left_is_not_waited_for(up, database):
    first = up("a")
    first.vigil.look()
    first.vigil.leave()
    first.solitude.leave()

    second = up("b")
    second.vigil.look()

    assert second.entered == 1


@pytest.mark.parametrize(("lease", "is_late"), [(LEASE, False), (1e-6, True)])
def test_what_could_not_be_said_to_be_ours_for_too_long_is_halted_before_it_changes_anything(
    up, lease, is_late
):
    process = up("a", lease=lease)
    with process.running.at_work(7):
        process.vigil.look()
        with process.running.halt(7, is_read=False) as halt:
            if is_late:
                with pytest.raises(Halted):
                    halt.check()
            else:
                halt.check()
