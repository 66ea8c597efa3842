"""An office per test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.furnished import NewOffice, offices


@pytest.fixture
def new_office(tmp_path: Path) -> Iterator[NewOffice]:
    with offices(tmp_path) as made:
        yield made
