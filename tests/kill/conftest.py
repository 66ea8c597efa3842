"""What the kills came to is said at the end of every run, however quiet."""

from __future__ import annotations

import os

import pytest

# Minutes of real processes: they are run where COWORK_KILLS is set, and not with every change.
collect_ignore = [] if os.environ.get("COWORK_KILLS") else ["test_every_point_of_a_fleet.py"]

SAID = pytest.StashKey[list[str]]()


@pytest.fixture
def say(request: pytest.FixtureRequest):
    """Say a line at the end of the run."""
    return request.config.stash.setdefault(SAID, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in terminalreporter.config.stash.get(SAID, []):
        terminalreporter.write_line(line)
