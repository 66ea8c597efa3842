"""The Slack edge: deliveries in, messages out."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.clock import Clock
from bot.domain.deciders import Authority
from bot.domain.person import Person, Place
from bot.engine.bell import Bell
from bot.engine.connectors import Connectors
from bot.engine.crewing import Crewing
from bot.engine.intake import Intake
from bot.engine.plugging import Plugging
from bot.engine.prompting import Prompting
from bot.engine.record import Record
from bot.engine.sharing import Sharing
from bot.engine.tokens import Tokens
from bot.engine.welcome import Welcome
from bot.services.reception import Reception
from bot.settings import Settings
from bot.slack import bolt, escape, http
from bot.slack.accounts import Accounts
from bot.slack.admins import Admins
from bot.slack.aftermath import Aftermath
from bot.slack.announcer import Announcer
from bot.slack.apart import Reserve
from bot.slack.courier import Courier
from bot.slack.delivery import Delivery
from bot.slack.desk import Desk
from bot.slack.entry import Entry
from bot.slack.errands import Errands
from bot.slack.groups import Groups
from bot.slack.identity import Identity
from bot.slack.limits import UNLIMITED, Limits, Rates
from bot.slack.modals import Modals
from bot.slack.moving import Mover
from bot.slack.orphans import Orphans
from bot.slack.people import People
from bot.slack.plugins import Plugins
from bot.slack.prompts import Prompts
from bot.slack.reach import Reach
from bot.slack.readers import Readers
from bot.slack.sender import Sender
from bot.slack.servers import Servers
from bot.slack.sessions import Sessions
from bot.slack.sign_ins import SignIns
from bot.slack.socket import Socket
from bot.slack.strays import Strays
from bot.slack.tokens import ApiTokens
from bot.slack.views import texts
from bot.slack.waits import Waits
from bot.slack.web import is_loopback, web
from bot.slack.whispers import Whispers
from bot.store.database import Database

_SLOW = 4
"""Threads for what takes as long as somebody else's server takes."""


class SlackEdge:
    """Deliveries come by Socket Mode, or by HTTP where there is no app token. `model` is the model's name.

    Of a fleet only the process that `may_send` sends what the outbox holds.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        intake: Intake,
        record: Record,
        database: Database,
        bell: Bell,
        clock: Clock,
        model: str,
        rates: Rates | None = None,
        waits: Waits = Waits(),
        may_send: Callable[[], bool] = lambda: True,
        authority: Authority | None = None,
        reception: Reception,
        connectors: Connectors,
    ) -> None:
        slack = web(settings, database.veil)
        authority = authority or Authority(approvers=settings.approvers)
        rates = rates or (UNLIMITED if is_loopback(settings.slack_api_url) else Rates())
        self._errands = Errands()
        self._slow_errands = Errands(_SLOW)
        whispers = Whispers(slack, self._errands)
        self._courier = Courier(slack)
        sessions = Sessions(slack)
        self.mover = mover = Mover(database, record, self._courier, sessions)
        reach = Reach(database, record, slack, whispers, mover, bell=bell, clock=clock)
        self._identity = identity = Identity(slack, settings.slack_bot_token.get_secret_value())
        groups = Groups(slack, self._errands, clock=clock, waits=waits)
        people = People(slack, self._errands, clock=clock, waits=waits)
        self._whispers = whispers
        modals = Modals(slack, self._errands)
        plugins = Plugins(
            Plugging(database, reception.connections.plugins, clock=clock),
            Welcome(database),
            Accounts(reception, identity),
            people=people,
            admins=Admins(slack, clock=clock),
            errands=self._errands,
        )
        slow_modals = Modals(slack, self._slow_errands)
        servers = Servers(
            connectors,
            plugins,
            slow_modals,
            errands=self._slow_errands,
            folders=settings.folders,
            veil=database.veil,
        )
        desk = Desk(
            settings=settings,
            intake=intake,
            record=record,
            web=slack,
            identity=identity,
            people=people,
            groups=groups,
            errands=self._errands,
            whispers=whispers,
            modals=modals,
            reach=reach,
            crewing=Crewing(
                database, budget=settings.budgets.task, open_tasks=settings.open_tasks, clock=clock, bell=bell
            ),
            sharing=Sharing(database, clock=clock, bell=bell),
            plugins=plugins,
            servers=servers,
            prompts=Prompts(Prompting(connectors), slow_modals),
            tokens=ApiTokens(
                Tokens(database, clock=clock), people, clock=clock, public_url=settings.public_url
            ),
            model=model,
            authority=authority,
            veil=database.veil,
        )
        self.app = bolt.build(settings, identity, desk)
        self.entry = Entry(desk)
        app_token = settings.slack_app_token.get_secret_value()
        self._socket = Socket(self.app, app_token, api_url=settings.slack_api_url) if app_token else None
        limits = Limits(rates)
        announcer, strays = (
            Announcer(record, authority, groups.mention, SignIns(reception)),
            Strays(database, self._courier),
        )
        self.sender = Sender(
            database,
            Delivery(announcer, Reserve(record, Readers(slack, clock=clock)), self._courier, limits),
            Aftermath(database, announcer, sessions, mover, strays, rates=rates, refused=reach.refused),
            strays,
            Orphans(database, self._courier, limits),
            rates=rates,
            bell=bell,
            clock=clock,
            is_alone=database.is_sqlite,
            may_send=may_send,
        )
        self.http_handler: Callable[[Request], Awaitable[Response]] = http.handler(self.app)

    @property
    def is_connected(self) -> bool:
        """Over HTTP there is no connection to lose."""
        return self._socket is None or self._socket.is_connected

    def trouble(self) -> str:
        """Why Slack is not at hand now, "" when it is. Asks Slack: at most two seconds."""
        return self._identity.trouble() if self.is_connected else "not connected by Socket Mode"

    def tell(self, person: Person, text: str) -> None:
        """Say something to one person, directly."""
        self._whispers.say(person, Place(team=person.team, channel=""), texts.said(escape.mrkdwn(text)))

    def start(self) -> None:
        """Returns at once; the first connection is tried until it works."""
        self._errands.run(self._identity.authorize)
        self.sender.start()
        if self._socket is not None:
            self._socket.start()

    def wait_until_connected(self, seconds: float) -> bool:
        """Whether deliveries can come in within this time; when not, it is tried on."""
        deadline = time.monotonic() + seconds
        while not self.is_connected and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.is_connected

    def stop(self) -> None:
        """No more deliveries are taken; what is being sent is finished."""
        if self._socket is not None:
            self._socket.stop()
        self._courier.close()
        self.sender.stop()
        self._errands.close()
        self._slow_errands.close()
