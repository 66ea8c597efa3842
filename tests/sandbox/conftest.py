"""A desk whose commands run in the real sandbox of this machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox import probe
from bot.sandbox.cell import Limits
from bot.sandbox.sandbox import Sandbox
from bot.tools.desk import Desk
from tests.tools.conftest import Grounds
from tests.tools.conftest import grounds as grounds
from tests.tools.desks import desk_in

SMALL = Limits(
    seconds=90,
    computing=1,
    memory_each=1 << 29,
    memory=1 << 29,
    file=10_000_000,
    said=1_000_000,
    disk=40_000_000,
    processes=40,
)
"""Limits that are reached soon."""


@pytest.fixture(autouse=True)
def _only_where_there_is_a_sandbox() -> None:
    why = probe.trouble()
    assert not why.startswith(probe.LEAKS), why  # that is no lack of this machine
    if why:
        pytest.skip(f"no command can be confined here: {why}")


@pytest.fixture
def desk(grounds: Grounds) -> Desk:
    return replace(desk_in(grounds), sandbox=Sandbox(SMALL))


@pytest.fixture
def own(grounds: Grounds) -> Path:
    return grounds.own
