"""What one task works with, laid out afresh each time it is advanced: its journal, its model, its tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.agent import prompt
from bot.agent.loop import Model
from bot.agent.toolbox import Standing, Toolbox
from bot.domain.clock import Clock
from bot.domain.grant import Grants
from bot.domain.task import Task
from bot.domain.turn import Turn
from bot.engine.bell import Bell
from bot.engine.journal import DurableJournal, made_by
from bot.engine.running import Running
from bot.model.claude import Claude
from bot.model.request import Prefix
from bot.registry.tools import tools_for
from bot.store import calls, messages
from bot.store.database import Database
from bot.tools.desk import Desk
from bot.tools.made import Made
from bot.tools.paths import Root
from bot.tools.placing import faults_in_batch
from bot.tools.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Bench:
    journal: DurableJournal
    model: Model
    toolbox: Toolbox


class Workshop:
    """Lays out benches. `home` holds the tasks' own folders; `claude` is the model they all share."""

    def __init__(
        self, database: Database, *, claude: Claude, home: Path, clock: Clock, bell: Bell, running: Running
    ) -> None:
        self._database = database
        self._claude = claude
        self._home = home
        self._clock = clock
        self._bell = bell
        self._running = running

    def bench(self, task: Task) -> Bench:
        tools = tools_for(task)
        toolbox = Toolbox(tools, self._desk(task), _standing(task), faults_in_batch=faults_in_batch)
        journal = DurableJournal(
            task,
            self._database,
            clock=self._clock,
            bell=self._bell,
            running=self._running,
            preview=toolbox.preview,
            opening=prompt.opening(task, now=self._clock(), own_folder=str(self._own_folder(task))),
        )
        return Bench(journal=journal, model=self._model(task, journal, tools), toolbox=toolbox)

    def _model(self, task: Task, journal: DurableJournal, tools: Mapping[str, Any]) -> Model:
        prefix = self._prefix(task, tools)

        def turn(window: list[dict[str, Any]]) -> Turn:
            with self._running.wire(task.id) as wire:
                if journal.stopped_by_now():
                    wire.cut()
                return self._claude.turn(
                    prefix, window, wire=wire, previous_message_id=journal.last_message_id()
                )

        return turn

    def _prefix(self, task: Task, tools: Mapping[str, Any]) -> Prefix:
        """Frozen at the first turn: a release with another prompt does not void running conversations.

        Another model begins a new one with the same history.
        """
        with self._database.read() as session:
            stored = messages.prefix_of(session, task.id)
        if stored is not None and Prefix.parsed(stored).model == self._claude.model:
            return Prefix.parsed(stored)
        definitions = [tool.definition for tool in tools.values()]
        prefix = Prefix.frozen(model=self._claude.model, system=prompt.system_prompt(), tools=definitions)
        with self._database.write() as session:
            messages.freeze_prefix(session, task.id, prefix.text)
        return prefix

    def _own_folder(self, task: Task) -> Path:
        return self._home / "tasks" / str(task.id)

    def _desk(self, task: Task) -> Desk:
        own = self._own_folder(task)
        own.mkdir(parents=True, exist_ok=True)
        roots = [Root(path=Path(folder.path), writable=folder.writable) for folder in task.folders]

        def known() -> frozenset[str]:
            with self._database.read() as session:
                return made_by(calls.with_receipts(session, task.id))

        return Desk(
            workspace=Workspace(roots, own, closed=[self._home]),
            own_folder=own,
            handed_over=self._home / "delivered" / str(task.id),
            made=Made(known),
        )


def _standing(task: Task) -> Standing:
    return Standing(brief=task.brief, grants=Grants(folders=task.folders), autonomy=task.autonomy)
