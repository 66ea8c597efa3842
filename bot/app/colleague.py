"""What every way of running has: the database, the engine, and the model."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot import log
from bot.app.accounts import accounts, received
from bot.app.authority import authority
from bot.app.connected import connectors
from bot.app.hidden import veil
from bot.audit.signing import Signer
from bot.domain.clock import Clock, SteadyClock
from bot.engine.bell import Bell
from bot.engine.bench import Workshop
from bot.engine.calling_back import CallingBack
from bot.engine.connected import Connected
from bot.engine.executor import Executor
from bot.engine.intake import Intake
from bot.engine.overdue import Overdue
from bot.engine.reader import MOST_TOKENS, Reader
from bot.engine.record import Record
from bot.engine.retention import Retention
from bot.engine.running import Running
from bot.engine.tokens import Tokens
from bot.engine.webhooks import Webhooks
from bot.model.capabilities import ANTHROPIC_ADDRESS
from bot.model.claude import Claude
from bot.registry.plugins import found, names
from bot.registry.tools import Toolset
from bot.rehearsal.mind import rehearse
from bot.rehearsal.server import ModelDouble
from bot.sandbox.sandbox import Sandbox
from bot.services.hiding import LearningVeil
from bot.settings import Settings
from bot.store import astray, migrate
from bot.store.database import Database
from bot.store.sealing import Seal
from bot.store.tasks import Limits
from bot.telemetry.telemetry import Telemetry
from bot.tools.kept import Keep
from bot.tools.privacy import Privacy
from bot.web.streams import Streams

REHEARSAL_MODEL = "rehearsal"
SMALL_MODEL = "claude-haiku-5-5"


class Colleague:
    """`database` where the caller has opened one: its clock, and its hints, are then the caller's too.

    `url` is where browsers reach this process, "" where they do not.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        database: Database | None = None,
        lease: float = math.inf,
        url: str = "",
    ) -> None:
        go_to_loopback_directly()
        prepare_home(settings.home)
        self.settings = settings
        self.authority = authority(settings)
        self.clock = clock or SteadyClock()
        self.bell = Bell()
        self.running = Running()
        self.database = database or Database(settings.database)
        hidden = brought_up(self.database, settings, self.clock)
        self.rehearsal = ModelDouble(rehearse) if settings.uses_rehearsal else None
        self.claude = _claude(settings, self.rehearsal)
        self.plugins = found(settings.plugins)
        self.sandbox = Sandbox()
        self.tools = Toolset(self.plugins.there, hidden, lambda: not self.sandbox.trouble)
        self.reception = received(
            settings,
            self.database,
            self.plugins.there,
            clock=self.clock,
            bell=self.bell,
            veil=hidden,
            url=url,
        )
        self.connectors, self.signing = connectors(
            settings,
            self.database,
            lambda: names(self.plugins.there),
            clock=self.clock,
            bell=self.bell,
            veil=hidden,
            url=url,
        )
        self.reception.linking.servers = self.signing
        workshop = Workshop(
            self.database,
            claude=self.claude,
            home=settings.home,
            clock=self.clock,
            bell=self.bell,
            running=self.running,
            lease=lease,
            patience=settings.patience,
            budgets=settings.budgets,
            keep=Keep(days=settings.undo_days, most_bytes=settings.undo_megabytes * 1_000_000),
            privacy=Privacy(folders=settings.private_folders),
            reader=None if settings.uses_rehearsal else _reader(settings),
            veil=hidden,
            tools=self.tools,
            accounts=accounts(self.reception),
            connected=Connected(self.connectors, clock=self.clock),
            sandbox=self.sandbox,
        )
        self.intake = Intake(
            self.database,
            settings,
            clock=self.clock,
            bell=self.bell,
            interrupt=self.running.interrupt,
            weigh=workshop.weigh,
            authority=self.authority,
            tools=workshop.shown,
        )
        self.record = Record(self.database, clock=self.clock, home=settings.home, tools=workshop.shown)
        self.tokens = Tokens(self.database, clock=self.clock)
        self.streams = Streams(self.record.news_since, self.bell)
        self.reserve = workshop.reserve
        self.executor = Executor(
            self.database,
            bench=workshop.bench,
            clock=self.clock,
            bell=self.bell,
            is_parking=lambda: self.running.is_parking,
        )
        self.webhooks = Webhooks(
            self.database,
            Seal(settings.secret_keys),
            clock=self.clock,
            bell=self.bell,
            origins=settings.webhook_origins,
        )
        self.retention = Retention(settings.audit_days, Signer(settings.secret_keys), clock=self.clock)
        self.overdue = Overdue(settings.patience, self.authority, clock=self.clock)
        self.telemetry = Telemetry(
            self.database,
            home=settings.home,
            clock=self.clock,
            otlp_endpoint=settings.otlp_endpoint,
            connectors=self.connectors.conditions,
        )

    def calling_back(self, may_send: Callable[[], bool]) -> CallingBack:
        """The sender of webhooks, for the process that sends for all."""
        return CallingBack(
            self.database,
            Seal(self.settings.secret_keys),
            clock=self.clock,
            bell=self.bell,
            may_send=may_send,
            origins=self.settings.webhook_origins,
        )

    @property
    def limits(self) -> Limits:
        return Limits(team=self.settings.working, person=self.settings.working_per_person)

    def close(self) -> None:
        self.telemetry.close()
        self.signing.close()
        self.connectors.close()
        if self.rehearsal is not None:
            self.rehearsal.stop()
        self.database.close()


def brought_up(database: Database, settings: Settings, clock: Clock) -> LearningVeil:
    """The database is of this release, and nothing secret of it is told from now on."""
    database.veil = settings.veil
    migrate.upgrade(database)
    database.veil = hidden = veil(database, settings)
    log.hide(hidden)
    with database.write("start.astray") as session:
        astray.brought_back(session, now=clock())
    return hidden


def prepare_home(home: Path) -> None:
    """Only the operator may look into it."""
    home.mkdir(parents=True, exist_ok=True)
    os.chmod(home, 0o700)


def go_to_loopback_directly() -> None:
    """A proxy is for the world outside: the local Slack and the rehearsal model are on this machine."""
    for name in ("NO_PROXY", "no_proxy"):
        direct = [*filter(None, os.environ.get(name, "").split(",")), "127.0.0.1", "localhost"]
        os.environ[name] = ",".join(dict.fromkeys(direct))


def _claude(settings: Settings, rehearsal: ModelDouble | None) -> Claude:
    if rehearsal is not None:
        url = rehearsal.start()
        return Claude(api_key="rehearsal", base_url=url, model=REHEARSAL_MODEL, endpoint="anthropic")
    return _at_endpoint(settings, settings.model, context=settings.context_tokens)


def _reader(settings: Settings) -> Reader:
    """A small model where there surely is one, then the one that works."""
    is_anthropic = settings.anthropic_base_url in ("", ANTHROPIC_ADDRESS)
    first = settings.brief_model or (SMALL_MODEL if is_anthropic else settings.model)
    names = dict.fromkeys((first, settings.model))
    return Reader(*(_at_endpoint(settings, name, max_tokens=MOST_TOKENS, effort="low") for name in names))


def _at_endpoint(settings: Settings, model: str, **given: Any) -> Claude:
    return Claude(
        api_key=settings.anthropic_api_key.get_secret_value() or "local",
        base_url=settings.anthropic_base_url or None,
        model=model,
        endpoint=settings.endpoint,
        **given,
    )
