"""For every test: properties are tried on the same examples each time, so that a red run can be had again."""

from __future__ import annotations

import gc

import pytest
from hypothesis import settings

pytest_plugins = ["tests.counterparts.fixtures"]

settings.register_profile("house", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("house")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite is run by two processes; who asks for a file or a test waits for none to start."""
    is_whole = config.args_source is not pytest.Config.ArgsSource.ARGS
    return 2 if is_whole and not config.option.keyword else 0


def pytest_collection_finish() -> None:
    """What was loaded stays to the end: to look through it again and again for garbage takes a tenth of every run."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have to say of themselves, whichever process they ran in."""
    reports = [one for name in ("passed", "failed") for one in terminalreporter.getreports(name)]
    for report in reports:
        for line in [
            what for name, what in report.user_properties if name == "said" and report.when == "call"
        ]:
            terminalreporter.write_line(str(line))
