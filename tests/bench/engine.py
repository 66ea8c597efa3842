"""The engine without its edges: what `cowork up` has behind Slack, at a given model's address."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.clock import system_clock
from bot.domain.person import Person, Place
from bot.domain.task import Task, TaskState
from bot.engine.bell import Bell
from bot.engine.bench import Workshop
from bot.engine.executor import Executor
from bot.engine.intake import Intake
from bot.engine.record import Record
from bot.engine.running import Running
from bot.engine.worker import WorkerPool
from bot.model.claude import Claude
from bot.settings import Settings
from bot.store import migrate, overview, tasks
from bot.store.database import Database
from tests.bench.work import GOAL, MODEL

ANA = Person(team="T1", user="U1", name="Ana")
GENERAL = Place(team="T1", channel="C1")
MANY = 1_000_000
_CREDENTIALS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_BASE_URL",
)


@dataclass(frozen=True, kw_only=True)
class Engine:
    settings: Settings
    database: Database
    claude: Claude
    intake: Intake
    record: Record
    workshop: Workshop
    executor: Executor
    pool: WorkerPool

    def start(self, key: str) -> Task:
        """A new task from Slack: all its news goes through the outbox."""
        return self.intake.start(ANA, GENERAL, GOAL, key=key).task

    def claim(self, task: Task) -> Task:
        with self.database.write("task.claim") as session:
            claimed = tasks.claim(session, owner="bench", now=system_clock(), only=task.id)
        assert claimed is not None
        return claimed

    def count(self, state: TaskState) -> int:
        with self.database.read() as session:
            return overview.count_by_state(session).get(state, 0)

    def close(self) -> None:
        self.claude.close()
        self.database.close()


def settings(home: Path, folder: Path, **chosen: Any) -> Settings:
    """Nothing of the developer's own environment: no Slack, no key, no database of theirs is ever touched."""
    kept = {alias: "" for alias in ("COWORK_DATABASE_URL", *_CREDENTIALS)}
    limits = {"COWORK_MAX_TURNS": MANY, "COWORK_MAX_OPEN_TASKS": MANY}
    given = {"COWORK_HOME": home, "COWORK_FOLDERS": str(folder), **kept, **limits, **chosen}
    return Settings(_env_file=None, **given)


def engine(home: Path, *, folder: Path, url: str, workers: int = 8, database: str = "") -> Engine:
    """State in `home` (its database too, unless `database` is an address), `folder` granted, the model at `url`."""
    home.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    chosen = settings(home, folder)
    kept = Database(database or chosen.database)
    migrate.upgrade(kept)
    bell, running = Bell(), Running()
    claude = Claude(api_key="bench", base_url=url, model=MODEL, endpoint="anthropic")
    workshop = Workshop(kept, claude=claude, home=home, clock=system_clock, bell=bell, running=running)
    executor = Executor(kept, bench=workshop.bench, clock=system_clock, bell=bell)
    return Engine(
        settings=chosen,
        database=kept,
        claude=claude,
        intake=Intake(kept, chosen, clock=system_clock, bell=bell, interrupt=running.interrupt),
        record=Record(kept, clock=system_clock, home=home),
        workshop=workshop,
        executor=executor,
        pool=WorkerPool(kept, executor.advance, clock=system_clock, bell=bell, running=running, size=workers),
    )
