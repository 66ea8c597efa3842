"""The heart of a process in the fleet: with every beat it says that it lives, and hears what it missed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.clock import SteadyClock, uptime
from bot.engine.fleet.seat import Seat
from bot.engine.fleet.sweep import Sweep
from bot.engine.running import SURE, Running
from bot.errors import DatabaseOut
from bot.store import leases, seats
from bot.store.database import Database

BEATS_PER_LEASE = 15

logger = logging.getLogger(__name__)


class Heart:
    """`owner` is this process; `lease` in seconds. Where `clock_seat` is ours, we also sweep for all.

    `stay` keeps our place beside the others. What we are working on and do not hold any more is halted.
    """

    def __init__(
        self,
        database: Database,
        *,
        owner: str,
        clock: SteadyClock,
        lease: float,
        running: Running,
        seats: Sequence[Seat],
        clock_seat: Seat | None,
        sweep: Sweep,
        stay: Callable[[], None],
    ) -> None:
        self._database = database
        self._owner = owner
        self._clock = clock
        self._lease = lease
        self._running = running
        self._seats = seats
        self._clock_seat = clock_seat
        self._sweep = sweep
        self._stay = stay
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)

    def start(self) -> None:
        """The first beat is here, so that what can be ours is ours from the start. Raises `DatabaseOut`."""
        self.beat()
        self._thread.start()

    def stop(self) -> None:
        """What was ours others may take at once."""
        self._stopping.set()
        self._thread.join(5)
        try:
            with self._database.write("fleet.leave") as session:
                seats.leave(session, self._owner)
        except DatabaseOut as out:
            logger.warning("the seats of this process run out by themselves: %s", out)

    def beat(self) -> None:
        self._stay()
        self._clock.resync()
        asked, now = uptime(), self._clock()
        working, until = self._running.working(), now + timedelta(seconds=self._lease)
        with self._database.write("fleet.beat") as session:
            held = leases.keep(session, working, owner=self._owner, until=until)
        self._running.trust(held.keys(), until=asked + self._lease * SURE)
        stopped = {task_id for task_id, stop_by in held.items() if stop_by}
        for task_id in stopped | (working - held.keys()):
            self._running.interrupt(task_id)
        for seat in self._seats:
            _renewed(seat, now)
        self._sweep.beaten()
        if self._clock_seat is not None:
            _renewed(self._clock_seat, now)
            if self._clock_seat.is_ours():
                self._sweep.once()

    def _run(self) -> None:
        while not self._stopping.wait(self._lease / BEATS_PER_LEASE):
            try:
                self.beat()
            except DatabaseOut as out:
                logger.warning("the heart missed a beat: %s", out)
            except Exception:
                logger.exception("the heart missed a beat")


def _renewed(seat: Seat, now: datetime) -> None:
    """Whoever stands still in the middle of taking a seat keeps its row: then it is theirs, and the next beat looks."""
    try:
        seat.renew(now)
    except DatabaseOut as out:
        logger.warning("a seat could not be asked for: %s", out)
