"""Everything in one process: workers, Slack (the local one where there are no tokens), and HTTP."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from bot.app.colleague import Colleague, prepare_home
from bot.app.http import http
from bot.app.local import give_key, local_slack, pointed_at
from bot.app.vigil import SEAT, Vigil, name_of
from bot.app.where import HOST
from bot.domain.clock import Clock, uptime
from bot.engine.fleet.seat import Seat
from bot.engine.overdue import Watch
from bot.engine.worker import WorkerPool
from bot.settings import Settings
from bot.slack.edge import SlackEdge
from bot.store.database import Database
from bot.store.moment import moment
from bot.store.solitude import Solitude
from bot.web.server import Server

_FIRST_CONNECTION = 5.0


class Office:
    """`cowork up`. Raises `NotConfigured` where another process is at work on the same home or database.

    `lost` hears when one came in while we had lost PostgreSQL: nothing is begun here any more, and it is time to stop.
    """

    def __init__(
        self, settings: Settings, *, clock: Clock | None = None, lost: Callable[[], None] = lambda: None
    ) -> None:
        prepare_home(settings.home)
        self._solitude = Solitude(settings.home)
        self._solitude.enter()
        self.server = Server(host=HOST, port=settings.port)
        self.local_slack = local_slack(settings)
        if self.local_slack is not None:
            give_key(settings)
            settings = pointed_at(self.local_slack, self.server.url, settings)
        database = Database(settings.database)
        self._solitude.take(database)
        self._lost = lost
        lease = math.inf if database.is_sqlite else settings.lease
        self.colleague = Colleague(settings, clock=clock, database=database, lease=lease, url=self.server.url)
        self._vigil = None if database.is_sqlite else self._keeping(database, lease)
        self.edge = SlackEdge(
            settings=settings,
            intake=self.colleague.intake,
            record=self.colleague.record,
            database=self.colleague.database,
            bell=self.colleague.bell,
            clock=self.colleague.clock,
            model=self.colleague.claude.model,
            authority=self.colleague.authority,
            reception=self.colleague.reception,
            connectors=self.colleague.connectors,
            may_send=self._sends,
        )
        self.calling_back = self.colleague.calling_back(self._sends)
        self.watch = Watch(
            self.colleague.database,
            self.colleague.overdue,
            bell=self.colleague.bell,
            retention=self.colleague.retention,
        )
        self.pool = WorkerPool(
            self.colleague.database,
            self.colleague.executor.advance,
            clock=self.colleague.clock,
            bell=self.colleague.bell,
            running=self.colleague.running,
            size=settings.workers,
            limits=self.colleague.limits,
            reserve=self.colleague.reserve,
        )

    def start(self) -> None:
        self.colleague.sandbox.look()
        if self.local_slack is not None:
            self.local_slack.serve_at(self.server.url)
        local = None if self.local_slack is None else self.local_slack.asgi
        self.server.start(http(self.colleague, edge=self.edge, local_slack=local))
        self.edge.start()
        self.calling_back.start()
        self.edge.wait_until_connected(_FIRST_CONNECTION)
        if self._vigil is None:
            self.pool.start()
        else:
            self._vigil.start()
        self.watch.start()

    def stop(self) -> None:
        """Running tasks are parked: they go on at the next start."""
        if self._vigil is not None:
            self._vigil.stop()
        self.colleague.streams.close()
        self.watch.stop()
        is_idle = self.pool.stop()
        self.calling_back.stop()
        self.edge.stop()
        if self.local_slack is not None:
            self.local_slack.let_go()
        self.server.stop()
        if self.local_slack is not None:
            self.local_slack.stop()
        if self._vigil is not None and is_idle:
            self._vigil.leave()
        self.colleague.close()
        self._solitude.leave()

    def _sends(self) -> bool:
        return self._vigil is None or self._vigil.is_ours()

    def _keeping(self, database: Database, lease: float) -> Vigil:
        holder = name_of(self.colleague.settings.home)
        return Vigil(
            self._solitude.stay,
            seat=Seat(SEAT, database, holder=holder, seconds=lease, elapsed=uptime),
            clock=partial(moment, database),
            running=self.colleague.running,
            lease=lease,
            enter=self._enter,
            lost=self._overtaken,
        )

    def _enter(self) -> None:
        self.pool.start()
        self.colleague.bell.ring()

    def _overtaken(self) -> None:
        self.colleague.running.park()
        self._lost()
