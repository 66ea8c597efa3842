"""What one task works with, laid out afresh each time it is advanced: its journal, its model, its tools."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from bot.agent import prompt
from bot.agent.loop import Model
from bot.agent.toolbox import Standing, Toolbox
from bot.domain.call import Call
from bot.domain.clock import Clock
from bot.domain.event import News
from bot.domain.grant import Grants
from bot.domain.task import Task
from bot.engine.bell import Bell
from bot.engine.breaker import MODEL, Breakers
from bot.engine.dialogue import Dialogue
from bot.engine.journal import DurableJournal
from bot.engine.running import Running
from bot.errors import DatabaseOut
from bot.model.claude import Claude
from bot.registry.tools import tools_for
from bot.store import calls, events, outages
from bot.store.calls import Entry
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
        self,
        database: Database,
        *,
        claude: Claude,
        home: Path,
        clock: Clock,
        bell: Bell,
        running: Running,
        lease: float = math.inf,
    ) -> None:
        self._database = database
        self._claude = claude
        self._home = home
        self._clock = clock
        self._bell = bell
        self._running = running
        self._lease = lease
        self._breakers = Breakers(clock=clock, recovered=self._go_on)

    def bench(self, task: Task) -> Bench:
        tools = tools_for(task)
        toolbox = Toolbox(
            tools,
            self._desk(task),
            _standing(task),
            faults_in_batch=faults_in_batch,
            halting=lambda is_read: self._running.halt(task.id, is_read=is_read),
            guard=lambda service: self._guarding(task, service),
            effect_id=lambda call: effect_id(task, call),
        )
        journal = DurableJournal(
            task,
            self._database,
            clock=self._clock,
            bell=self._bell,
            running=self._running,
            preview=toolbox.preview,
            lease=self._lease,
            opening=lambda: prompt.opening(task, now=self._clock(), own_folder=str(self._own_folder(task))),
        )
        dialogue = Dialogue(
            task,
            self._database,
            claude=self._claude,
            journal=journal,
            running=self._running,
            tools=tools,
            guard=lambda: self._guarding(task, MODEL),
        )
        return Bench(journal=journal, model=dialogue.model, toolbox=toolbox)

    def _guarding(self, task: Task, service: str) -> AbstractContextManager[None]:
        return self._breakers.of(service).guarding(lambda: self._is_asked_again(task))

    def _is_asked_again(self, task: Task) -> bool:
        """A person pressed Retry, or spoke, since it paused: that is worth a try whatever the others saw."""
        with self._database.read() as session:
            return events.last_of(session, task.id, (News.PAUSED, News.STEERED)) is News.STEERED

    def _go_on(self, service: str) -> None:
        """A service answers again. Should this fail, every task that pauses for it has its own time."""
        with suppress(DatabaseOut), self._database.write("outage.over") as session:
            outages.over(session, service, now=self._clock())
        self._bell.ring()

    def _own_folder(self, task: Task) -> Path:
        return self._home / "tasks" / str(task.id)

    def _desk(self, task: Task) -> Desk:
        own = self._own_folder(task)
        own.mkdir(parents=True, exist_ok=True)
        roots = [Root(path=Path(folder.path), writable=folder.writable) for folder in task.folders]

        def known() -> frozenset[str]:
            with self._database.read() as session:
                return _made_by(calls.with_receipts(session, task.id))

        return Desk(
            workspace=Workspace(roots, own, closed=[self._home]),
            own_folder=own,
            handed_over=self._home / "delivered" / str(task.id),
            made=Made(known),
        )


def effect_id(task: Task, call: Call) -> str:
    """What a service knows this call by, however often it is made: servers of models use ids again, tasks do not."""
    born = task.created_at.isoformat()
    return str(uuid5(NAMESPACE_OID, f"cowork {task.person.team} {task.id} {born} {call.id}"))


def _standing(task: Task) -> Standing:
    return Standing(brief=task.brief, grants=Grants(folders=task.folders), autonomy=task.autonomy)


def _made_by(entries: Sequence[Entry]) -> frozenset[str]:
    """The marks of what this task made itself: it may change and delete that without asking."""
    return frozenset(
        entry.receipt.mark for entry in entries if entry.receipt is not None and entry.receipt.mark
    )
