"""This process as a member of the fleet: its name, its heart, and what it hears of the others."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from uuid import uuid4

from bot.domain.clock import SteadyClock, uptime
from bot.engine.bell import Bell
from bot.engine.fleet.heart import BEATS_PER_LEASE, Heart
from bot.engine.fleet.hints import Hints
from bot.engine.fleet.notices import Notices
from bot.engine.fleet.seat import Seat
from bot.engine.fleet.sweep import Sweep
from bot.engine.overdue import Overdue
from bot.engine.retention import Retention
from bot.engine.running import Running
from bot.store.database import Database

_SEAT = 0.5


class Member:
    """`lease` in seconds. `announces`: it may send to Slack; `sweeps`: it may watch the clock."""

    def __init__(
        self,
        database: Database,
        *,
        clock: SteadyClock,
        bell: Bell,
        running: Running,
        stay: Callable[[], None],
        lease: float,
        overdue: Overdue,
        retention: Retention | None = None,
        announces: bool = False,
        sweeps: bool = False,
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
        hints = Hints()
        database.dispatch = hints.hand_out

        def seat(name: str) -> Seat:
            return Seat(name, database, holder=self.name, seconds=lease * _SEAT, elapsed=uptime)

        self.announcer = seat("announcer")
        self.notices = Notices(database.url, name=self.name, bell=bell, interrupt=running.interrupt)
        self._heart = Heart(
            database,
            owner=self.name,
            clock=clock,
            lease=lease,
            running=running,
            seats=[self.announcer] if announces else [],
            clock_seat=seat("clock") if sweeps else None,
            stay=stay,
            sweep=Sweep(
                database,
                clock=clock,
                elapsed=uptime,
                lease=lease,
                every=lease / BEATS_PER_LEASE,
                hints=hints,
                overdue=overdue,
                retention=retention,
            ),
        )

    def start(self) -> None:
        self._heart.start()
        self.notices.start()

    def stop(self) -> None:
        self.notices.stop()
        self._heart.stop()
