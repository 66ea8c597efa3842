"""The two kinds of process of a fleet: the front, which people and programs reach, and the workroom."""

from __future__ import annotations

import math

from bot.app.colleague import Colleague, prepare_home
from bot.app.http import http
from bot.app.local import give_key, local_slack, pointed_at
from bot.app.where import HOST
from bot.domain.clock import SteadyClock
from bot.engine.fleet.member import Member
from bot.engine.fleet.pool import FleetPool
from bot.errors import NotConfigured
from bot.settings import Settings
from bot.slack.edge import SlackEdge
from bot.store.database import Database
from bot.store.moment import moment
from bot.store.solitude import Solitude
from bot.web.server import Server

_FIRST_CONNECTION = 5.0


class Front:
    """`cowork web`: Slack's deliveries, messages to Slack (from one front at a time), and HTTP."""

    def __init__(self, settings: Settings) -> None:
        self._solitude, database, clock = _joined(settings)
        self.server = Server(host=HOST, port=settings.port)
        self.local_slack = local_slack(settings)
        if self.local_slack is not None:
            give_key(settings)
            settings = pointed_at(self.local_slack, self.server.url, settings)
        self.colleague = Colleague(settings, clock=clock, database=database, url=self.server.url)
        self.member = _member(self.colleague, clock, self._solitude, announces=True)
        self.edge = SlackEdge(
            settings=settings,
            intake=self.colleague.intake,
            record=self.colleague.record,
            database=database,
            bell=self.colleague.bell,
            clock=clock,
            model=self.colleague.claude.model,
            authority=self.colleague.authority,
            reception=self.colleague.reception,
            connectors=self.colleague.connectors,
            may_send=self.member.announcer.is_ours,
        )
        self.calling_back = self.colleague.calling_back(self.member.announcer.is_ours)

    def start(self) -> None:
        if self.local_slack is not None:
            self.local_slack.serve_at(self.server.url)
        local = None if self.local_slack is None else self.local_slack.asgi
        self.server.start(http(self.colleague, edge=self.edge, local_slack=local))
        self.member.start()
        self.edge.start()
        self.calling_back.start()
        self.edge.wait_until_connected(_FIRST_CONNECTION)

    def stop(self) -> None:
        self.calling_back.stop()
        self.colleague.streams.close()
        self.edge.stop()
        self.member.stop()
        if self.local_slack is not None:
            self.local_slack.let_go()
        self.server.stop()
        if self.local_slack is not None:
            self.local_slack.stop()
        self.colleague.close()
        self._solitude.leave()


class Workroom:
    """`cowork worker`: tasks, and the clock of the fleet (in one workroom at a time)."""

    def __init__(self, settings: Settings, *, port: int | None = None) -> None:
        """`port` serves health and figures; None serves nothing."""
        self._solitude, database, clock = _joined(settings)
        self.server = None if port is None else Server(host=HOST, port=port)
        self.colleague = Colleague(settings, clock=clock, database=database, lease=settings.lease)
        self.member = _member(self.colleague, clock, self._solitude, sweeps=True)
        self.pool = FleetPool(
            database,
            self.colleague.executor.advance,
            clock=clock,
            running=self.colleague.running,
            size=settings.workers,
            owner=self.member.name,
            lease=settings.lease,
            limits=self.colleague.limits,
            reserve=self.colleague.reserve,
        )

    def start(self) -> None:
        self.colleague.sandbox.look()
        self.member.start()
        if self.server is not None:
            self.server.start(http(self.colleague))
        self.pool.start()

    def stop(self) -> bool:
        """Running tasks are parked, and go on in another workroom at once. True when all ended in time."""
        is_idle = self.pool.stop()
        self.member.stop()
        if self.server is not None:
            self.server.stop()
        self.colleague.close()
        self._solitude.leave()
        return is_idle


def _joined(settings: Settings) -> tuple[Solitude, Database, SteadyClock]:
    """Raises `NotConfigured` where a fleet cannot be: on SQLite, or beside `cowork up`."""
    prepare_home(settings.home)
    if settings.database.startswith("sqlite"):
        raise NotConfigured(
            "Several processes need PostgreSQL: set COWORK_DATABASE_URL=postgresql+psycopg://USER:PASSWORD@HOST/NAME. "
            "With SQLite everything runs in one process: cowork up."
        )
    solitude = Solitude(settings.home)
    solitude.enter(together=True)
    database = Database(settings.database)
    solitude.take(database, together=True)
    return solitude, database, SteadyClock(lambda: moment(database), look_every=math.inf)


def _member(
    colleague: Colleague,
    clock: SteadyClock,
    solitude: Solitude,
    *,
    announces: bool = False,
    sweeps: bool = False,
) -> Member:
    member = Member(
        colleague.database,
        clock=clock,
        bell=colleague.bell,
        running=colleague.running,
        stay=solitude.stay,
        lease=colleague.settings.lease,
        overdue=colleague.overdue,
        retention=colleague.retention,
        announces=announces,
        sweeps=sweeps,
    )
    colleague.intake.interrupt = member.notices.interrupt
    return member
