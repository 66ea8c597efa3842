"""The disk is full while people write to us in Slack: each is told, and what Slack brings again is taken then."""

from __future__ import annotations

import pytest

from bot.emulator.delivery import Timings
from bot.slack.views import texts
from tests.eventually import PATIENCE
from tests.store.disks import Disk

LONG = "Sum this up: " + "word " * 1500


@pytest.fixture
def timings() -> Timings:
    """What is not written down is not acknowledged, and Slack waits no longer than it does elsewhere."""
    return Timings(ack=3.0, trigger=PATIENCE, retries=(0.0, 0.05, 0.1), file_share=0.02)


@pytest.fixture
def disk(office) -> Disk:
    return Disk(office.database)


def test_a_command_is_answered_that_nothing_was_started(office, disk):
    disk.fill()
    office.ana.command(office.reports, f"/cowork {LONG}")
    assert office.told(office.ana, "I cannot write anything down") == texts.NOT_WRITTEN
    assert office.tasks() == []


def test_a_mention_is_answered_and_taken_when_slack_brings_it_again(office, disk):
    disk.fill(refusals=1)
    office.ana.say(office.reports, f"<@{office.slack.workspace.bot_user}> {LONG}")
    assert office.told(office.ana, "I cannot write anything down") == texts.NOT_WRITTEN_YET
    [task] = office.eventually(office.tasks)
    assert task.goal.startswith("Sum this up")
