"""A colleague in its local Slack, and a browser to use it with."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import Office
from bot.settings import Settings
from tests.counterparts.emulate import Emulate
from tests.stories.reports_folder import write_reports

REFUSALS = ("invalid_blocks", "invalid_arguments", "msg_too_long", "msg_blocks_too_long", "view_too_large")


REPORTS = int(os.environ.get("COWORK_REPORTS", "12"))
"""How many lie about, but in the story of forty."""


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    write_reports(folder, REPORTS)
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


@pytest.fixture
def office_at_github(tmp_path: Path, emulate: Emulate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A colleague on its first day, whose GitHub is the emulator."""
    monkeypatch.setenv("COWORK_GITHUB_API_URL", emulate.github.url)
    monkeypatch.setenv("COWORK_GITHUB_WEB_URL", emulate.github.url)
    settings = Settings(
        _env_file=None,
        COWORK_HOME=tmp_path / "home",
        COWORK_PORT=0,
        COWORK_SECRET_KEY="a-long-key-of-the-operator-0123456789ab",
        SLACK_BOT_TOKEN="",
        ANTHROPIC_API_KEY="",
        ANTHROPIC_BASE_URL="",
    )
    office = Office(settings)
    office.start()
    yield office
    office.stop()
    assert_nothing_was_refused(office)
