"""For every test: how laws are tried, by how many processes, in which order, and what is made ready for all of them."""

from __future__ import annotations

import compileall
import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests import compiled, laws, longest_first, unsynced  # noqa: F401

pytest_plugins = ["tests.counterparts.fixtures", "tests.chromium", "tests.office"]

ROOT = Path(__file__).parent.parent

settings.register_profile("house", laws.HOUSE)
settings.load_profile("house")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite is run by three processes; who asks for a file or a test waits for none to start."""
    is_whole = config.args_source is not pytest.Config.ArgsSource.ARGS
    return 3 if is_whole and not config.option.keyword else 0


def pytest_configure(config: pytest.Config) -> None:
    """Nothing is reached but loopback, without TLS: each client would read all that the machine trusts, for nothing.

    Compiled once for the hundreds of processes that the tests start, also where Python is told to write nothing.
    """
    os.environ["SSL_CERT_DIR"] = str(ROOT / "tests")
    os.environ.pop("SSL_CERT_FILE", None)
    if not hasattr(config, "workerinput"):
        for package in ("bot", "plugins"):
            compileall.compile_dir(ROOT / package, quiet=2)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that is given more time than others may take longest."""
    if processes := getattr(config, "workerinput", {}).get("workercount"):
        items[:] = longest_first.dealt(items, _patience, processes)


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


def _patience(item: pytest.Item) -> float:
    marked = item.get_closest_marker("timeout")
    return float(marked.args[0]) if marked else 0.0
