"""A migrated PostgreSQL database per test, and worlds for fleets of real processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.fleet.staff import Staff
from tests.kill.stories import Story
from tests.kill.world import World
from tests.store import databases


@pytest.fixture
def database() -> Iterator[Database]:
    database = databases.postgres()
    yield database
    database.close()


@pytest.fixture
def new_staff(tmp_path: Path) -> Iterator[Callable[..., Staff]]:
    """Nobody of it is at work yet."""
    with ExitStack() as stack:

        def made(story: Story, **chosen: object) -> Staff:
            url = databases.migrated_postgres().render_as_string(hide_password=False)
            stack.callback(databases.drop_postgres, url)
            world = stack.enter_context(World(tmp_path, story, database_url=url))
            return stack.enter_context(Staff(world, **chosen))

        yield made
