"""The same bot, unmodified, against another Slack by its URL and a scripted model by its URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.app import Office
from bot.rehearsal.answer import calls, text
from bot.rehearsal.mind import rehearse
from bot.rehearsal.script import Script
from bot.rehearsal.server import ModelDouble
from bot.settings import Settings
from tests.stories.other_slack import SECRET, TOKEN, OtherSlack
from tests.stories.reports_folder import fingerprints, write_reports

MOVED = "Moved it, as you approved."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text("the contents")
    return folder


@pytest.fixture
def slack() -> Iterator[OtherSlack]:
    slack = OtherSlack()
    yield slack
    slack.stop()
    assert slack.errors == []


@pytest.fixture
def model(folder: Path) -> Iterator[ModelDouble]:
    move = {"source": f"{folder}/a.txt", "destination": f"{folder}/Finance/b.txt"}
    actions = [{"tool": "move_file", "input": move}]
    script = Script(
        [
            calls(("list_folder", {"path": str(folder)}), say="I will look first."),
            calls(
                ("checkpoint", {"title": "Move one file", "summary": "It belongs there.", "actions": actions})
            ),
            calls(("deliver", {"path": f"{folder}/Finance/b.txt", "title": "The file"})),
            text(MOVED),
        ]
    )
    with ModelDouble(script) as double:
        yield double
    assert double.invalid == []


@pytest.fixture
def office(tmp_path: Path, folder: Path, slack: OtherSlack, model: ModelDouble) -> Iterator[Office]:
    with opened(tmp_path, folder, slack, model) as office:
        yield office


@contextmanager
def opened(tmp_path: Path, folder: Path, slack: OtherSlack, model: ModelDouble) -> Iterator[Office]:
    settings = Settings(
        _env_file=None,
        COWORK_HOME=tmp_path / "home",
        COWORK_FOLDERS=str(folder),
        COWORK_PORT=0,
        COWORK_WORKERS=2,
        SLACK_BOT_TOKEN=TOKEN,
        SLACK_SIGNING_SECRET=SECRET,
        SLACK_API_URL=slack.api_url,
        ANTHROPIC_BASE_URL=model.url,
        ANTHROPIC_API_KEY="scripted",
        COWORK_MODEL="rehearsal",
    )
    office = Office(settings)
    office.start()
    try:
        yield office
    finally:
        office.stop()


def test_a_goal_becomes_approved_work_on_a_slack_and_a_model_that_are_only_urls(
    office: Office, slack: OtherSlack, folder: Path
) -> None:
    events = f"{office.server.url}/slack/events"

    assert slack.command(events, "Move a.txt to Finance") == 200
    asked = slack.until(lambda messages: _with_button(messages, "Approve"))
    assert (folder / "a.txt").exists()
    assert "a.txt" in str(asked["blocks"])
    assert "Finance/b.txt" in str(asked["blocks"])

    assert slack.click(events, asked, "Approve") == 200
    slack.until(lambda messages: [one for one in messages.values() if MOVED in str(one)])

    assert (folder / "Finance" / "b.txt").read_text() == "the contents"
    assert not (folder / "a.txt").exists()
    assert list(slack.files.values()) == [b"the contents"]
    slack.until(lambda messages: not _with_button(messages, "Approve"))


@pytest.mark.timeout(240)
def test_the_forty_reports_are_organised_there_too_with_none_lost_or_changed(
    tmp_path: Path, slack: OtherSlack
) -> None:
    reports = tmp_path / "reports"
    write_reports(reports)
    before = fingerprints(reports)

    with ModelDouble(rehearse) as model, opened(tmp_path, reports, slack, model) as office:
        events = f"{office.server.url}/slack/events"
        assert slack.command(events, "Organize the reports folder") == 200
        asked = slack.until(lambda messages: _with_button(messages, "Approve"))
        assert fingerprints(reports) == before

        assert slack.click(events, asked, "Approve") == 200
        slack.until(lambda messages: [one for one in messages.values() if "40 files were moved" in str(one)])
        assert model.invalid == []

    after = fingerprints(reports)
    index = (reports / "INDEX.md").read_text("utf-8")
    assert index.encode() in slack.files.values()
    del after["INDEX.md"]
    assert sorted(after.values()) == sorted(before.values())
    assert [name for name in after if Path(name).name not in index] == []


def _with_button(messages: dict[str, dict[str, Any]], label: str) -> dict[str, Any] | None:
    labels = f"'text': '{label}'"
    return next((one for one in messages.values() if labels in str(one.get("blocks"))), None)
