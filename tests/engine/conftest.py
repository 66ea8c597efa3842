"""An office per test; one hub for the servers of connectors, each started by the first test that calls it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.connectors.hub import Hub
from bot.domain.connector import Connector
from tests.engine import allowed
from tests.engine.furnished import NewOffice, offices
from tests.engine.office import Office


@pytest.fixture
def new_office(tmp_path: Path) -> Iterator[NewOffice]:
    with offices(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def shared_hub() -> Iterator[Hub]:
    with contextlib.closing(Hub(secret=lambda name: name)) as made:
        yield made


@pytest.fixture(scope="session")
def greedy(tmp_path_factory: pytest.TempPathFactory) -> Connector:
    script = Path(__file__).with_name("greedy_server.py")
    return allowed.of_python(script, "greedy", tmp_path_factory.mktemp("greedy"))


@pytest.fixture
def office_of(new_office: NewOffice, shared_hub: Hub, tmp_path: Path) -> Callable[..., Office]:
    """`allowed.office` of a connector."""
    return partial(allowed.office, new_office, shared_hub, tmp_path)
