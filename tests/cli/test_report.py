"""The end of a task in the terminal: what was not done is said as plainly as what was."""

from __future__ import annotations

from bot.cli import report
from bot.domain.task import TaskState
from tests.slack.test_views import shown


def test_a_stopped_task_says_what_of_the_approved_was_not_made_and_what_is_unknown():
    left = tuple(f"Move /home/ana/reports/r{number}.pdf" for number in range(12))
    stopped = shown(TaskState.STOPPED, approved=13, undone=left, unknown=("Send the <mail>",))
    lines = [line for _, line in report.lines(stopped, lambda name: name.replace("/home/ana/", ""))]
    assert lines[0] == "\nNot done: 12 of 13 approved actions were not made"
    assert lines[1:11] == [f"  Move reports/r{number}.pdf" for number in range(10)]
    assert lines[11:14] == ["  and 2 more", "\nMay or may not have happened", "  Send the <mail>"]
