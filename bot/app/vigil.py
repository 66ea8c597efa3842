"""The vigil of `cowork up` over PostgreSQL: it keeps its place, and waits for one before it that may be alive still.

Our lock goes with a connection. When that was lost, another process may come in while this one is in the middle of a
call. So a place is held in time as well, as those of a fleet are (0009): who comes in from another home begins when the
place of the one before has run out, and by then that one changes nothing any more.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

from bot.domain.clock import Clock, uptime
from bot.engine.fleet.seat import Seat
from bot.engine.running import SURE, Running
from bot.errors import DatabaseOut, NotConfigured

SEAT = "alone"
_EVERY = 2.0

logger = logging.getLogger(__name__)


class Vigil:
    """`stay` keeps the lock or takes it again; `lost` hears, once, that another process has it now.

    `enter` is called once the place is ours: at once after our own death. `clock` is the database's, `lease` is in
    seconds: so long is what we hold ours after we said so, and what we run is halted when we could not say so.
    """

    def __init__(
        self,
        stay: Callable[[], None],
        *,
        seat: Seat,
        clock: Clock,
        running: Running,
        lease: float,
        enter: Callable[[], None],
        lost: Callable[[], None],
        every: float = _EVERY,
    ) -> None:
        self._stay = stay
        self._seat = seat
        self._clock = clock
        self._running = running
        self._lease = lease
        self._enter = enter
        self._lost = lost
        self._every = every
        self._is_in = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vigil", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def is_ours(self) -> bool:
        return self._seat.is_ours()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def leave(self) -> None:
        """Nothing of ours is at work any more: whoever comes next need not wait."""
        try:
            self._seat.leave()
        except DatabaseOut as out:
            logger.warning("our place runs out by itself: %s", out)

    def look(self) -> None:
        """Raises `NotConfigured` when another process has the lock, and `DatabaseOut`."""
        asked = uptime()
        self._stay()
        self._seat.renew(self._clock())
        if not self._seat.is_ours():
            logger.warning(
                "another process was at work on this database just now: waiting until it is surely gone"
            )
            return
        self._running.trust(self._running.working(), until=asked + self._lease * SURE)
        if not self._is_in:
            self._is_in = True
            self._enter()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except DatabaseOut as out:
                logger.warning("the lock on the database could not be looked after: %s", out)
            except NotConfigured as taken:
                logger.error("the connection that held our lock on the database was lost. %s", taken)
                self._lost()
                return
            except Exception:
                logger.exception("the lock on the database could not be looked after")
            self._stopping.wait(self._every)


def name_of(home: Path) -> str:
    """Of this home, for good: of two processes in it the one before is dead (`bot.store.solitude` sees to that)."""
    file = home / "name"
    name = file.read_text("utf-8").strip() if file.exists() else ""
    if not name:
        name = uuid.uuid4().hex
        file.write_text(name, "utf-8")
    return name
