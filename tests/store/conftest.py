"""Every test of the store runs on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.budget import Budget
from bot.domain.person import Person, Place
from bot.domain.task import Autonomy, Task
from bot.store import tasks
from bot.store.database import Database, Session
from tests.store import databases

ANA = Person(team="T1", user="UANA", name="Ana Silva")
THREAD = Place(team="T1", channel="C1", thread="1700000000.000100")
NOW = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)

NewTask = Callable[..., Task]


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    database = databases.sqlite(tmp_path) if request.param == "sqlite" else databases.postgres()
    yield database
    database.close()


@pytest.fixture
def new_task() -> NewTask:
    def made(session: Session, **changes: object) -> Task:
        given = {
            "person": ANA,
            "place": THREAD,
            "goal": "Organize the reports",
            "autonomy": Autonomy.CHECKPOINT,
            "folders": (),
            "budget": Budget(turns=50),
            "now": NOW,
        }
        return tasks.create(session, **(given | changes))

    return made
