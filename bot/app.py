"""The composition root: the one place that knows every name and builds the colleague."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr

from bot.domain.clock import Clock, system_clock
from bot.emulator.server import LocalSlack
from bot.engine.bell import Bell
from bot.engine.bench import Workshop
from bot.engine.executor import Executor
from bot.engine.intake import Intake
from bot.engine.record import Record
from bot.engine.running import Running
from bot.engine.worker import WorkerPool
from bot.model.claude import Claude
from bot.rehearsal.mind import rehearse
from bot.rehearsal.server import ModelDouble
from bot.settings import Settings
from bot.slack.edge import SlackEdge
from bot.store import migrate
from bot.store.database import Database
from bot.store.solitude import Solitude
from bot.web import asgi
from bot.web.server import Server

HOST = "127.0.0.1"
_FIRST_CONNECTION = 5.0
REHEARSAL_MODEL = "rehearsal"
MANIFEST = Path(__file__).parent.parent / "manifest.yml"

logger = logging.getLogger(__name__)


class Colleague:
    """What every way of running has: the database, the engine, and the model."""

    def __init__(self, settings: Settings, *, clock: Clock = system_clock) -> None:
        _go_to_loopback_directly()
        _prepare_home(settings.home)
        self.settings = settings
        self.clock = clock
        self.bell = Bell()
        self.running = Running()
        self.database = Database(settings.database)
        migrate.upgrade(self.database)
        self.rehearsal = ModelDouble(rehearse) if settings.uses_rehearsal else None
        self.claude = _claude(settings, self.rehearsal)
        self.intake = Intake(
            self.database, settings, clock=clock, bell=self.bell, interrupt=self.running.interrupt
        )
        self.record = Record(self.database, clock=clock)
        workshop = Workshop(
            self.database,
            claude=self.claude,
            home=settings.home,
            clock=clock,
            bell=self.bell,
            running=self.running,
        )
        self.executor = Executor(
            self.database,
            bench=workshop.bench,
            clock=clock,
            bell=self.bell,
            is_parking=lambda: self.running.is_parking,
        )

    def close(self) -> None:
        if self.rehearsal is not None:
            self.rehearsal.stop()
        self.database.close()


class Office:
    """Everything in one process: workers, Slack (the local one where there are no tokens), and HTTP."""

    def __init__(self, settings: Settings, *, clock: Clock = system_clock) -> None:
        _prepare_home(settings.home)
        self._solitude = Solitude(settings.home)
        self._solitude.enter()
        self.server = Server(host=HOST, port=settings.port)
        self.local_slack = _local_slack(settings) if settings.uses_local_slack else None
        if self.local_slack is not None:
            settings = _pointed_at(self.local_slack, self.server.url, settings)
        self.colleague = Colleague(settings, clock=clock)
        self._solitude.take(self.colleague.database)
        self.edge = SlackEdge(
            settings=settings,
            intake=self.colleague.intake,
            record=self.colleague.record,
            database=self.colleague.database,
            bell=self.colleague.bell,
            clock=clock,
            model=self.colleague.claude.model,
        )
        self.pool = WorkerPool(
            self.colleague.database,
            self.colleague.executor.advance,
            clock=clock,
            bell=self.colleague.bell,
            running=self.colleague.running,
            size=settings.workers,
        )

    def start(self) -> None:
        if self.local_slack is not None:
            self.local_slack.serve_at(self.server.url)
        local = None if self.local_slack is None else self.local_slack.asgi
        self.server.start(asgi.build(slack_events=self.edge.http_handler, local_slack=local))
        self.edge.start()
        self.edge.wait_until_connected(_FIRST_CONNECTION)
        self.pool.start()

    def stop(self) -> None:
        """Running tasks are parked: they go on at the next start."""
        self.pool.stop()
        self.edge.stop()
        if self.local_slack is not None:
            self.local_slack.let_go()
        self.server.stop()
        if self.local_slack is not None:
            self.local_slack.stop()
        self.colleague.close()
        self._solitude.leave()


def _go_to_loopback_directly() -> None:
    """A proxy is for the world outside: the local Slack and the rehearsal model are on this machine."""
    for name in ("NO_PROXY", "no_proxy"):
        direct = [*filter(None, os.environ.get(name, "").split(",")), HOST, "localhost"]
        os.environ[name] = ",".join(dict.fromkeys(direct))


def _prepare_home(home: Path) -> None:
    """Only the operator may look into it."""
    home.mkdir(parents=True, exist_ok=True)
    os.chmod(home, 0o700)


def _claude(settings: Settings, rehearsal: ModelDouble | None) -> Claude:
    if rehearsal is not None:
        url = rehearsal.start()
        return Claude(api_key="rehearsal", base_url=url, model=REHEARSAL_MODEL, endpoint="anthropic")
    return Claude(
        api_key=settings.anthropic_api_key.get_secret_value() or "local",
        base_url=settings.anthropic_base_url or None,
        model=settings.model,
        endpoint=settings.endpoint,
    )


def _local_slack(settings: Settings) -> LocalSlack:
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return LocalSlack(home=settings.home, manifest=manifest)


def _pointed_at(slack: LocalSlack, url: str, settings: Settings) -> Settings:
    """The bot is the same; only the address and the tokens differ."""
    return settings.model_copy(
        update={
            "slack_api_url": f"{url}/api/",
            "slack_bot_token": SecretStr(slack.bot_token),
            "slack_app_token": SecretStr(slack.app_token),
            "slack_signing_secret": SecretStr(slack.signing_secret),
        }
    )
