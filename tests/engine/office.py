"""An office for tests: the real engine on a real database, a scripted model behind real HTTP, a clock set by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.approval import Approval, ApprovalState, Decision
from bot.domain.deciders import Authority
from bot.domain.person import Person, Place
from bot.domain.task import Task, TaskState
from bot.engine import known
from bot.engine.bell import Bell
from bot.engine.bench import Bench, Workshop
from bot.engine.connected import Connected
from bot.engine.connectors import Connectors
from bot.engine.deciding import Decided
from bot.engine.executor import Executor
from bot.engine.hearing import Heard
from bot.engine.intake import Intake
from bot.engine.reader import Reader
from bot.engine.record import Record
from bot.engine.running import Running
from bot.engine.services import Accounts
from bot.engine.worker import WorkerPool
from bot.model.claude import Claude
from bot.registry.tools import Toolset
from bot.rehearsal.server import ModelDouble
from bot.sandbox.sandbox import Sandbox
from bot.settings import Settings
from bot.store import calls, messages, tasks
from bot.store.calls import Entry
from bot.store.database import Database
from bot.tools.kept import Keep

ANA = Person(team="T1", user="UANA", name="Ana Silva")
BEN = Person(team="T1", user="UBEN", name="Ben")
THREAD = Place(team="T1", channel="C1", thread="1700000000.000100")
GOAL = "Do it in the reports folder"

_keys = itertools.count(1)


class Clock:
    """Moves when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(kw_only=True)
class Office:
    """One process's worth of parts. `reports` is granted for writing, `wiki` for reading only."""

    database: Database
    home: Path
    reports: Path
    wiki: Path
    double: ModelDouble
    claude: Claude
    clock: Clock = field(default_factory=Clock)
    changes: dict[str, Any] = field(default_factory=dict)
    reader: Reader | None = None
    authority: Authority | None = None
    tools: Toolset | None = None
    accounts: Accounts = field(default_factory=Accounts)
    connectors: Connectors | None = None
    sandbox: Sandbox | None = None
    laid_out: Callable[[Bench], Bench] = lambda bench: bench

    def __post_init__(self) -> None:
        given = {"COWORK_HOME": self.home, "COWORK_FOLDERS": f"{self.reports}:{self.wiki}:ro"}
        self.settings = Settings(_env_file=None, **given).model_copy(update=self.changes)
        self.database.veil = self.settings.veil
        self.bell, self.running = Bell(), Running()
        self.workshop = Workshop(
            self.database,
            claude=self.claude,
            home=self.home,
            clock=self.clock,
            bell=self.bell,
            running=self.running,
            budgets=self.settings.budgets,
            keep=Keep(days=self.settings.undo_days, most_bytes=self.settings.undo_megabytes * 1_000_000),
            reader=self.reader,
            veil=self.settings.veil,
            tools=self.tools
            or Toolset(veil=self.settings.veil, has_sandbox=lambda: self.sandbox is not None),
            accounts=self.accounts,
            sandbox=self.sandbox,
            connected=Connected(self.connectors, clock=self.clock) if self.connectors else None,
        )
        self.record = Record(self.database, clock=self.clock, home=self.home, tools=self.workshop.shown)
        self.intake = Intake(
            self.database,
            self.settings,
            clock=self.clock,
            bell=self.bell,
            interrupt=self.running.interrupt,
            weigh=self.workshop.weigh,
            authority=self.authority,
            tools=self.workshop.shown,
        )
        self.executor = Executor(
            self.database,
            bench=lambda task: self.laid_out(self.workshop.bench(task)),
            clock=self.clock,
            bell=self.bell,
        )

    def start(self, goal: str = GOAL, *, person: Person = ANA, place: Place = THREAD, **given: Any) -> int:
        key = given.pop("key", None) or f"start-{next(_keys)}"
        return self.intake.start(person, place, goal, key=key, **given).task.id

    def claimed(self, task_id: int) -> Task | None:
        with self.database.write("test") as session:
            task = tasks.claim(session, owner="test", now=self.clock(), only=task_id)
            if task is not None:
                self.workshop.reserve(session, task)
        return task

    def advance(self, task_id: int) -> Task:
        """One stretch of work in this thread."""
        task = self.claimed(task_id)
        assert task is not None, f"task {task_id} is {self.task(task_id).state}: there is nothing to claim"
        self.executor.advance(task)
        return self.task(task_id)

    def work(self, task_id: int) -> Task:
        """Until the task is not ready any more."""
        while (task := self.claimed(task_id)) is not None:
            self.executor.advance(task)
        return self.task(task_id)

    def begin(self, goal: str = GOAL, **given: Any) -> Task:
        """Start a task and work on it."""
        return self.work(self.start(goal, **given))

    def task(self, task_id: int) -> Task:
        with self.database.read() as session:
            return known.task(session, task_id, locked=False)

    def pending(self, task_id: int) -> Approval:
        approval = self.record.pending(task_id)
        assert approval is not None, f"task {task_id} asks nobody; it is {self.task(task_id)}"
        return approval

    def decide(self, task_id: int, state: ApprovalState, words: str = "", *, person: Person = ANA) -> Decided:
        return self.intake.decide(person, self.pending(task_id).id, Decision(state=state, words=words))

    def approve(self, task_id: int) -> Task:
        """Approve, and work on."""
        assert self.decide(task_id, ApprovalState.APPROVED).is_new
        return self.work(task_id)

    def say(self, task_id: int, text: str, *, person: Person = ANA) -> Heard:
        return self.intake.say(person, task_id, text, key=f"say-{next(_keys)}")

    def entries(self, task_id: int) -> list[Entry]:
        with self.database.read() as session:
            return calls.of_task(session, task_id)

    def history(self, task_id: int) -> list[messages.Message]:
        with self.database.read() as session:
            return messages.of_task(session, task_id)

    def own_folder(self, task_id: int) -> Path:
        return self.home / "tasks" / str(task_id)

    def tree(self) -> dict[str, str | None]:
        """Every path in the granted folders with its content; folders have none."""
        return {
            str(path.relative_to(self.reports.parent)): path.read_text() if path.is_file() else None
            for root in (self.reports, self.wiki)
            for path in sorted(root.rglob("*"))
        }

    def pool(self, size: int = 2) -> WorkerPool:
        return WorkerPool(
            self.database,
            self.executor.advance,
            clock=self.clock,
            bell=self.bell,
            running=self.running,
            size=size,
            reserve=self.workshop.reserve,
        )

    def until(self, task_id: int, *states: TaskState) -> Task:
        """Wait at the bell until a pool has brought the task there."""
        seen, tries = 0, 0
        while (task := self.task(task_id)).state not in states:
            tries += 1
            assert tries < 1000 and not task.state.is_over, f"task {task_id} is {task.state}: {task.note}"
            seen = self.bell.wait(seen, 0.02)
        return task


def results(double: ModelDouble, request: int = -1) -> list[tuple[str, bool]]:
    """What the calls of the turn before this request came to, as the model was told: text, and whether an error."""
    content = double.requests[request]["messages"][-1]["content"]
    return [
        (block["content"][0]["text"], block.get("is_error", False))
        for block in content
        if block["type"] == "tool_result"
    ]


def words(double: ModelDouble, request: int = -1) -> list[str]:
    """The texts beside the results in the last message of this request."""
    content = double.requests[request]["messages"][-1]["content"]
    return [block["text"] for block in content if block["type"] == "text"]
