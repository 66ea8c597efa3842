"""A process that works on a task with a connector until it is killed: by itself at a point, or from outside."""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot import crossing
from bot.connectors.hub import Hub
from bot.domain.approval import ApprovalState
from bot.domain.connector import Connector
from bot.engine.connectors import Connectors
from bot.rehearsal.answer import calls
from bot.store.database import Database
from tests.engine.furnished import offices
from tests.engine.office import GOAL, Clock

_FORKS = get_context("forkserver")


@dataclass(frozen=True, kw_only=True)
class Doom:
    """It dies right before it makes the call for the `makes`-th time, or right after it heard of it for the
    `hears`-th. Without either, when it is killed, or has come to a question; `reply` is what its person answers there.
    """

    makes: int = 0
    hears: int = 0
    reply: str = ""

    def at(self, tool: str) -> tuple[str, int]:
        return (f"tool.{tool}.done", self.hears) if self.hears else (f"tool.{tool}", self.makes)


@dataclass(kw_only=True)
class Striking:
    at: tuple[str, int]
    passed: list[str] = field(default_factory=list)

    def reached(self, point: str) -> None:
        self.passed.append(point)
        if (point, self.passed.count(point)) == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: str) -> contextlib.AbstractContextManager[object]:
        return contextlib.nullcontext()


def start(folder: Path, url: str, connector: Connector, tool: str, doom: Doom) -> BaseProcess:
    """Processes are forked from one that has imported all of this."""
    _FORKS.set_forkserver_preload([__name__, "mcp"])
    process = _FORKS.Process(target=_work, args=(folder, url, connector, tool, doom), daemon=True)
    process.start()
    return process


def _work(folder: Path, url: str, connector: Connector, tool: str, doom: Doom) -> None:
    name = f"{connector.slug}__{tool}"
    crossing.watch(Striking(at=doom.at(name)))
    hub = Hub(secret=str)
    with offices(folder) as new_office:
        database = Database(url)
        connectors = Connectors(database, hub=lambda _: hub, clock=Clock())
        office = new_office(calls((name, {})), database=database, connectors=connectors)
        task = office.begin(f"{GOAL} with “{connector.slug}”")
        if doom.reply:
            office.decide(task.id, ApprovalState.ANSWERED, doom.reply)
        if doom.makes or doom.hears:
            office.work(task.id)
        else:
            os.kill(os.getpid(), signal.SIGKILL)
