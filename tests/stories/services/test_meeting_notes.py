"""Meeting notes in Drive become a summary in Slack and five tickets in Jira, each with the way back to the notes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.task import TaskState
from bot.engine.undoing import LAST
from bot.rehearsal.answer import Answer, Mind, calls, text
from bot.sdk.trial import Trial
from plugins.google import plugin as google
from plugins.jira.adf import document
from tests.counterparts.emulate import Emulate
from tests.engine.office import ANA, Office, results
from tests.plugins.google.conftest import connection as google_account
from tests.plugins.jira.conftest import SITE, Jira
from tests.plugins.jira.conftest import signed_in as jira_account
from tests.plugins.slack.conftest import connected as slack_account
from tests.plugins.slack.test_slack_writing import messages
from tests.stories.services.conftest import Staffed, asked, told

GOAL = (
    "Read the meeting notes “Planning 23 November” in Google Drive. Post a summary to #sprint in Slack, and create a "
    "ticket in the Jira project PAY for each action item, with a link to the notes."
)
ITEMS = (
    "Refunds show the wrong currency",
    "Retry webhooks that failed",
    "Write the runbook for on-call",
    "Upgrade the card reader library",
    "Ask Legal about the new terms",
)
NOTES = "# Planning 23 November\n\nAna, Ben.\n\n" + "".join(f"- TODO {one}\n" for one in ITEMS)
SUMMARY = "*Planning, 23 November*: 5 action items are in Jira. The notes: {link}"

AtWork = Callable[..., Office]


@pytest.fixture
def notes(emulate: Emulate, tmp_path: Path) -> str:
    """The link of the notes, which Ana uploaded."""
    (tmp_path / "planning-2026-11-23.md").write_text(NOTES)
    drive = Trial(plugin=google, connection=google_account(emulate.google.url), folder=tmp_path)
    made = drive.run("upload_file", path="planning-2026-11-23.md", folder="meetings")
    assert made.receipt is not None
    return made.receipt.where


@pytest.fixture
def at_work(emulate: Emulate, jira: Jira, notes: str, staffed: Staffed, tmp_path: Path) -> AtWork:
    """A model that finds the notes, reads them, and prepares everything that is to be written at once."""

    def made(*after: Answer | Mind) -> Office:
        accounts = {
            "google": google_account(emulate.google.url),
            "slack": slack_account(emulate.slack.url, tmp_path, token=emulate.slack.token).connection,
            "jira": jira_account(jira.running.url),
        }
        finds = calls(("google_search_files", {"query": "planning"}))
        return staffed(accounts, finds, _reads, _prepares, *after)

    return made


def _reads(request: dict[str, Any]) -> Answer:
    line = next(one for one in told(request).splitlines() if "planning" in one)
    return calls(("google_read_file", {"file": _link_in(line)}))


def _prepares(request: dict[str, Any]) -> Answer:
    """A message, and a ticket for every line that begins as action items do."""
    read = told(request)
    link = _link_in(read)
    items = re.findall(r"^- TODO (.+)$", read, re.MULTILINE)
    post = ("slack_post_message", {"channel": "#sprint", "text": SUMMARY.format(link=link)})
    tickets = [
        ("jira_create_issue", {"project": "PAY", "summary": one, "description": _described(link)})
        for one in items
    ]
    actions = [{"tool": tool, "input": given} for tool, given in (post, *tickets)]
    summary = f"{len(items)} action items, one ticket each."
    return calls(("checkpoint", {"title": "Post and file", "summary": summary, "actions": actions}))


def _described(link: str) -> str:
    return f"From the [notes of the planning]({link})."


def _link_in(text: str) -> str:
    found = re.search(r"https://drive\.google\.com/\S+?/view", text)
    assert found is not None, text
    return found[0]


def posted(emulate: Emulate, tmp_path: Path) -> list[str]:
    """What stands in #sprint."""
    trial = slack_account(emulate.slack.url, tmp_path, token=emulate.slack.token)
    return [one["text"] for one in messages(trial, "sprint")]


def has_room(jira: Jira, *keys: str) -> None:
    for key in keys:
        jira.says("POST", "/rest/api/3/issue", {"id": key[4:], "key": key}, code=201)


KEYS = ("PAY-31", "PAY-32", "PAY-33", "PAY-34", "PAY-35")
FULL = "Work in progress: PAY takes no more issues"


def test_six_actions_are_shown_to_the_letter_and_done_after_one_yes(
    at_work: AtWork, emulate: Emulate, jira: Jira, notes: str, tmp_path: Path
) -> None:
    office = at_work(text("Done."))
    has_room(jira, *KEYS)

    task = office.begin(GOAL)
    post, *tickets = asked(office, task)

    assert office.pending(task.id).draft.kind is ApprovalKind.BATCH
    summary = SUMMARY.format(link=notes)
    assert post.preview == f"Post in Slack to #sprint: “{summary[:80]}…”"
    assert post.detail == f"In #sprint (public in the workspace):\n\n{summary}"
    assert [(one.preview, one.detail) for one in tickets] == [
        (
            f"Create a Task in PAY (Jira): “{item}”",
            f"Summary: {item}\nProject: PAY\nType: Task\n\n{_described(notes)}",
        )
        for item in ITEMS
    ]
    assert [one.inverse for one in (post, *tickets)] == ["Delete it"] * 6
    assert (posted(emulate, tmp_path), jira.written) == ([], [])

    assert office.approve(task.id).state is TaskState.DONE

    assert posted(emulate, tmp_path) == [summary]
    assert [(body["fields"]["summary"], body["fields"]["description"]) for _, _, body in jira.written] == [
        (item, document(_described(notes))) for item in ITEMS
    ]
    receipts = office.record.snapshot(task.id).receipts
    assert receipts[0].where.startswith("https://acme.slack.com/archives/C")
    assert [one.where for one in receipts[1:]] == [f"{SITE}/browse/{key}" for key in KEYS]


def test_the_audit_says_who_approved_each_of_the_six(at_work: AtWork, jira: Jira) -> None:
    office = at_work(text("Done."))
    has_room(jira, *KEYS)
    task = office.begin(GOAL)

    office.approve(task.id)

    account = office.record.account(task.id)
    done = [deed for deed in account.effects if deed.receipt]
    assert [deed.tool for deed in done] == ["slack_post_message"] + ["jira_create_issue"] * 5
    assert {(deed.rule, deed.asked and deed.asked.people, deed.is_done) for deed in done} == {
        (5, (f"{ANA.user}@{ANA.team}",), True)
    }


def test_a_redirect_sends_nothing_and_what_is_put_next_is_asked_for_anew(
    at_work: AtWork, emulate: Emulate, jira: Jira, tmp_path: Path
) -> None:
    legal = ("jira_create_issue", {"project": "PAY", "summary": ITEMS[4]})
    office = at_work(calls(legal), text("One ticket, no message."))
    has_room(jira, KEYS[0])
    task = office.begin(GOAL)

    office.decide(task.id, ApprovalState.REDIRECTED, "Only the one for Legal, and no message")
    assert office.work(task.id).state is TaskState.WAITING
    assert "Only the one for Legal, and no message" in results(office.double)[0][0]
    assert [one.preview for one in asked(office, task)] == [f"Create a Task in PAY (Jira): “{ITEMS[4]}”"]
    assert jira.written == []
    office.approve(task.id)

    assert [body["fields"]["summary"] for _, _, body in jira.written] == [ITEMS[4]]
    assert posted(emulate, tmp_path) == []


def test_what_comes_after_a_ticket_that_jira_refuses_is_not_run(at_work: AtWork, jira: Jira) -> None:
    office = at_work(text("Jira took two."))
    has_room(jira, *KEYS[:2])
    jira.says("POST", "/rest/api/3/issue", {"errorMessages": [FULL], "errors": {}}, code=400)
    task = office.begin(GOAL)

    assert office.approve(task.id).state is TaskState.DONE

    ((said, is_error),) = results(office.double)
    assert is_error and "Ran 3 of 6 actions, then stopped at a failure:" in said
    assert said.splitlines()[4].startswith("4. failed") and FULL in said.splitlines()[4]
    assert said.splitlines()[5:] == ["5–6 not run."]
    assert len(jira.written) == 3
    assert [one.what for one in office.record.snapshot(task.id).receipts][1:] == [
        f"Created {key}" for key in KEYS[:2]
    ]


def test_undo_takes_back_the_message_and_every_ticket_that_nobody_touched(
    at_work: AtWork, emulate: Emulate, jira: Jira, tmp_path: Path
) -> None:
    office = at_work(text("Done."))
    has_room(jira, *KEYS)
    task = office.begin(GOAL)
    office.approve(task.id)
    untouched, answered = (
        {"comments": [], "total": total, "self": SITE, "maxResults": 1, "startAt": 0} for total in (0, 1)
    )
    for key in KEYS:
        jira.has(key, comment=answered if key == KEYS[1] else untouched)

    office.intake.undo(ANA, task.id, LAST)
    office.work(task.id)

    deleted = [path for method, path, _ in jira.written if method == "DELETE"]
    assert sorted(deleted) == [f"/rest/api/3/issue/{key}" for key in KEYS if key != KEYS[1]]
    assert posted(emulate, tmp_path) == []
