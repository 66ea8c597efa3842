"""What the kills came to is said at the end of every run, in `tests/conftest.py`, whichever process they ran in."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say a line at the end of the run."""
    return lambda line: record_property("said", line)
