"""A colleague in its local Slack, and a browser to use it with."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.app import Office
from bot.settings import Settings
from tests.stories.reports_folder import write_reports

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
REFUSALS = ("invalid_blocks", "invalid_arguments", "msg_too_long", "msg_blocks_too_long", "view_too_large")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        reason = "Chromium is not installed (Debian: apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """Its pages end with the test: one whose Slack is gone asks for it again and again, beside every test after it."""
    yield chromium
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    write_reports(folder)
    return folder


@pytest.fixture
def office(tmp_path: Path, reports: Path) -> Iterator[Office]:
    with at_work(tmp_path, reports) as office:
        yield office


@contextlib.contextmanager
def at_work(place: Path, folder: Path, **chosen: Any) -> Iterator[Office]:
    """A colleague in its local Slack who may work in this folder, with what else the operator chose."""
    settings = Settings(
        _env_file=None,
        COWORK_HOME=place / "home",
        COWORK_FOLDERS=str(folder),
        COWORK_PORT=0,
        SLACK_BOT_TOKEN="",
        ANTHROPIC_API_KEY="",
        ANTHROPIC_BASE_URL="",
        **chosen,
    )
    office = Office(settings)
    office.start()
    yield office
    office.stop()
    assert_nothing_was_refused(office)


def assert_nothing_was_refused(office: Office) -> None:
    """Neither the model's API nor Slack would have refused anything that was sent."""
    slack, model = office.local_slack, office.colleague.rehearsal
    refused = [] if slack is None else [one for one in slack.log(kind="call") if one.error in REFUSALS]
    assert refused == []
    assert model is None or model.invalid == []
