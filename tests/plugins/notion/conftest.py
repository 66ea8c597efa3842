"""Notion as prism plays it from the types of its own client, and as it fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.sdk import Connection, Per
from bot.sdk.trial import Trial
from plugins.notion import plugin
from tests.counterparts.prism import Prism
from tests.counterparts.wire import Wire
from tests.plugins.notion.world import World


def connected(url: str, folder: Path) -> Trial:
    connection = Connection(
        plugin="notion", way="token", per=Per.TEAM, secrets={"token": "ntn_x"}, endpoints={"api": url}
    )
    return Trial(plugin=plugin, connection=connection, folder=folder)


@pytest.fixture
def world(prism: Callable[[str], Prism]) -> World:
    return World(prism=prism("notion"))


@pytest.fixture
def trial(world: World, tmp_path: Path) -> Trial:
    return connected(world.prism.url, tmp_path)


@pytest.fixture
def wire(world: World, wire_to: Callable[[str], Wire]) -> Wire:
    return wire_to(world.prism.url)


@pytest.fixture
def failing(wire: Wire, tmp_path: Path) -> Trial:
    return connected(wire.url, tmp_path)
