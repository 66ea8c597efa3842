"""The two counterparts of Linear: `emulate`, which keeps what it is told, and its published schema."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sdk import Connection, Per
from bot.sdk.trial import Trial
from plugins.linear import plugin
from tests.counterparts.emulate import Emulate
from tests.plugins.linear.official import Official, served


def connected(url: str, token: str, way: str = "oauth") -> Connection:
    return Connection(
        plugin="linear",
        way=way,
        per=Per.TEAM,
        secrets={"token": token},
        endpoints={"api": url, "web": url},
    )


@pytest.fixture
def trial(emulate: Emulate, tmp_path: Path) -> Trial:
    """Ana's token at the emulator."""
    linear = emulate.linear
    return Trial(plugin=plugin, connection=connected(linear.url, linear.token), folder=tmp_path)


@pytest.fixture(scope="session")
def _official() -> Iterator[Official]:
    with served() as official:
        yield official


@pytest.fixture
def official(_official: Official) -> Official:
    _official.forget()
    return _official


@pytest.fixture
def by_schema(official: Official, tmp_path: Path) -> Trial:
    return Trial(plugin=plugin, connection=connected(official.url, "lin_api_x", "token"), folder=tmp_path)
