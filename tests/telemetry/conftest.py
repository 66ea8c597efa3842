"""An office per test; the log is left as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.engine.conftest import new_office

__all__ = ["new_office"]


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
