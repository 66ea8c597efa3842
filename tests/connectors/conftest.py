"""One hub for all servers that nobody here wrote; sign-ins are kept in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.connectors.hub import Hub
from bot.store.database import Database
from tests.connectors.remote import Registrar, Remote, remote
from tests.services.browser import Browser
from tests.store import databases


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    is_sqlite = request.param == "sqlite"
    database = databases.sqlite(tmp_path) if is_sqlite else Database(databases.migrated_postgres())
    yield database
    database.close()


@pytest.fixture(scope="session")
def _remote() -> Iterator[Remote]:
    with remote() as made:
        yield made


@pytest.fixture
def server(_remote: Remote) -> Remote:
    """A remote server of notes that people sign in to, as new."""
    _remote.heard.clear()
    _remote.altered.clear()
    _remote.refusing = ""
    vars(_remote.registrar).update(vars(Registrar()))
    return _remote


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def hub() -> Iterator[Hub]:
    """Servers are started by the first test that calls them, and end with the last."""
    made = Hub(secret=lambda name: name)
    yield made
    made.close()
