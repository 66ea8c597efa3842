"""What can go wrong with a goal gets a clear answer in Slack, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import Office
from bot.emulator.server import LocalSlack
from bot.rehearsal.answer import text
from bot.rehearsal.script import Script
from bot.rehearsal.server import ModelDouble
from bot.settings import Settings
from tests.eventually import eventually
from tests.stories.conftest import assert_nothing_was_refused
from tests.stories.reports_folder import fingerprints, write_reports

Opened = Callable[..., Office]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens a colleague with these settings; all are closed at the end."""
    offices: list[Office] = []

    def office(**chosen: Any) -> Office:
        quiet: dict[str, Any] = {"SLACK_BOT_TOKEN": "", "ANTHROPIC_API_KEY": "", "ANTHROPIC_BASE_URL": ""}
        home = {"COWORK_HOME": tmp_path / "home", "COWORK_PORT": 0, "COWORK_WORKERS": 2}
        offices.append(Office(Settings(_env_file=None, **quiet | home | chosen)))
        offices[-1].start()
        return offices[-1]

    yield office
    for one in offices:
        one.stop()
        assert_nothing_was_refused(one)


def test_a_folder_that_is_not_granted_is_asked_about_with_the_ones_that_are(
    opened: Opened, tmp_path: Path
) -> None:
    granted = tmp_path / "handbook"
    granted.mkdir()
    office = opened(COWORK_FOLDERS=str(granted))

    said = answer_to(office, "/cowork Organize the invoices folder", "approval_stop")

    assert "invoices" in said
    assert str(granted) in said


def test_an_empty_folder_is_said_to_be_empty(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    office = opened(COWORK_FOLDERS=str(tmp_path / "reports"))
    assert "empty" in answer_to(office, "/cowork Organize the reports folder", "empty")


def test_files_that_cannot_be_read_are_named_before_anything_moves(opened: Opened, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    write_reports(folder, 3)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 this is none")
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 8)
    before = fingerprints(folder)
    office = opened(COWORK_FOLDERS=str(folder))

    said = answer_to(office, "/cowork Organize the reports folder", "Approve")

    assert "broken.pdf" in said
    assert "noise.bin" in said
    assert "Unsorted" in said
    assert fingerprints(folder) == before


def test_a_goal_of_forty_thousand_characters_is_refused_with_the_limit_and_the_way_out(
    opened: Opened,
) -> None:
    office = opened()
    ana = slack_of(office).person("ana")

    ana.say(ana.bot_dm, "word " * 8_000)

    said = eventually(lambda: told_privately(office, "I can take 10,000"))
    assert "Put the long part in a file" in said


def test_without_a_model_the_task_pauses_with_what_to_do_and_goes_on_when_it_is_there(opened: Opened) -> None:
    model = ModelDouble(Script([text("Hello from the model.")]))
    address = model.start()
    model.stop()
    office = opened(ANTHROPIC_BASE_URL=address, ANTHROPIC_API_KEY="some", COWORK_MODEL="rehearsal")

    said = answer_to(office, "/cowork Say hello", "Retry")
    assert "cannot be reached" in said
    assert "kept" in said

    model.start(int(address.rpartition(":")[2]))
    slack = slack_of(office)
    card = next(one for one in slack.messages(slack.channel("reports")) if "task_retry" in str(one))
    slack.person("ana").press(card, "task_retry")
    eventually(lambda: text_with(office, slack.channel("reports"), "Hello from the model."))
    model.stop()
    assert model.invalid == []


def test_a_person_who_may_not_decide_is_told_who_may_and_nothing_moves(
    opened: Opened, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    write_reports(folder, 3)
    before = fingerprints(folder)
    office = opened(COWORK_FOLDERS=str(folder))
    answer_to(office, "/cowork Organize the reports folder", "Approve")
    slack = slack_of(office)
    asked = next(one for one in slack.messages(slack.channel("reports")) if "approval_approve" in str(one))

    slack.person("ben").press(asked, "approval_approve")

    eventually(lambda: told_privately(office, "can decide this"))
    assert fingerprints(folder) == before


def answer_to(office: Office, command: str, expected: str) -> str:
    """Everything said in #reports once `expected` is among it."""
    slack = slack_of(office)
    slack.person("ana").command("reports", command)
    return eventually(lambda: text_with(office, slack.channel("reports"), expected))


def text_with(office: Office, channel: str, expected: str) -> str:
    messages = slack_of(office).messages(channel)
    said = "\n".join(f"{one['text']}\n{one.get('blocks')}" for one in messages if one.get("bot_id"))
    return said if expected in said else ""


def told_privately(office: Office, expected: str) -> str:
    calls = [*slack_of(office).log("chat.postEphemeral"), *slack_of(office).log("response_url")]
    said = "\n".join(str(one.request) for one in calls)
    return said if expected in said else ""


def slack_of(office: Office) -> LocalSlack:
    assert office.local_slack is not None
    return office.local_slack
