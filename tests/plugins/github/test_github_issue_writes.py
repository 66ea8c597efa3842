"""Issues are opened, edited, closed, labelled, assigned and commented on at `emulate`, shown first and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.errors import NotAllowed, ToolError
from bot.sdk import Effect, SignInNeeded
from bot.sdk.trial import Trial
from plugins.github.words import PUBLIC
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism
from tests.plugins.github.conftest import REPO, Ask

ISSUE = {"repo": REPO, "number": 1}


@pytest.fixture
def issue(github: Ask) -> Callable[[], Any]:
    """Issue 1, as it stands whenever it is asked for."""
    github("POST", f"/repos/{REPO}/issues", title="Login fails", body="On Firefox.", labels=["bug"])
    return lambda: github("GET", f"/repos/{REPO}/issues/1")


def test_an_issue_is_opened_as_it_was_shown_and_closed_again(trial: Trial, github: Ask) -> None:
    given = {
        "repo": REPO,
        "title": "Ünï 🙂",
        "body": "Steps:\n\n1. Go",
        "labels": ["bug"],
        "assignees": ["reviewer"],
    }
    assert trial.preview("create_issue", **given) == (
        f"Open an issue in {REPO}: “Ünï 🙂”\n{PUBLIC}\n"
        "Ünï 🙂\nLabels: bug\nAssigned to: reviewer\n\nSteps:\n\n1. Go"
    )
    made = trial.run("create_issue", effect_id="toolu_1", **given)
    kept = github("GET", f"/repos/{REPO}/issues/1")
    assert (kept["title"], kept["body"]) == ("Ünï 🙂", "Steps:\n\n1. Go\n\n<!-- cowork-toolu1 -->")
    assert [one["login"] for one in kept["assignees"]] == ["reviewer"]
    assert made.receipt is not None
    assert (made.receipt.effect, made.receipt.where) == (Effect.CREATE, kept["html_url"])
    assert made.text == f"Opened {REPO}#1: Ünï 🙂 {kept['html_url']}"
    assert "cowork-toolu1" not in trial.run("get_issue", **ISSUE).text
    trial.undo("create_issue", made, **given)
    assert github("GET", f"/repos/{REPO}/issues/1")["state"] == "closed"
    with pytest.raises(ToolError, match="changed since"):
        trial.undo("create_issue", made, **given)


def test_a_private_repository_is_not_called_public(trial: Trial) -> None:
    shown = trial.preview("create_issue", repo="octocat/secret", title="Hush")
    assert shown == "Open an issue in octocat/secret: “Hush”\nHush"


def test_what_github_left_out_without_a_word_is_said(by_specification: Trial, official: Prism) -> None:
    issue = by_specification.plugin.client(by_specification.connection).get("/repos/acme/api/issues/1")
    bare = {**issue, "labels": [], "assignees": []}
    official.answer("POST", "/repos/{owner}/{repo}/issues", bare, code=201)
    made = by_specification.run("create_issue", repo="acme/api", title="x", labels=["bug"], assignees=["ana"])
    assert "GitHub left out bug, ana" in made.text
    official.answer("PATCH", "/repos/{owner}/{repo}/issues/{issue_number}", bare)
    assigned = by_specification.run("assign_issue", repo="acme/api", number=1, assignees=["ana"])
    assert "to nobody. GitHub left out ana" in assigned.text


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("create_issue", {"repo": REPO, "title": "Login fails"}),
        ("add_comment", {**ISSUE, "body": "Here, too"}),
    ],
)
def test_a_crash_leaves_one_and_the_lookup_finds_that_one(
    trial: Trial, issue: Any, github: Ask, name: str, given: dict[str, Any]
) -> None:
    assert trial.settled(name, effect_id="toolu_1", **given) is None
    github("POST", f"/repos/{REPO}/issues", title="Login fails")  # somebody else's, with the same words
    github("POST", f"/repos/{REPO}/issues/1/comments", body="Here, too")
    assert trial.settled(name, effect_id="toolu_1", **given) is None
    made = trial.run(name, effect_id="toolu_1", **given)
    for number in range(51):
        github("POST", f"/repos/{REPO}/issues/1/comments", body=f"Later {number}")
    assert trial.settled(name, effect_id="toolu_1", **given) == made
    assert trial.settled(name, effect_id="toolu_10", **given) is None


def test_an_issue_is_edited_with_what_stood_there_shown_and_put_back(trial: Trial, issue: Any) -> None:
    given = {**ISSUE, "title": "Login fails on Firefox", "body": "Since 140.\n\nSee log."}
    shown = trial.preview("edit_issue", **given)
    assert "Now:\nLogin fails\n\nOn Firefox." in shown
    assert "Then:\nLogin fails on Firefox\n\nSince 140.\n\nSee log." in shown
    assert trial.settled("edit_issue", effect_id="toolu_1", **given) is None
    made = trial.run("edit_issue", **given)
    assert (issue()["title"], issue()["body"]) == ("Login fails on Firefox", "Since 140.\n\nSee log.")
    assert trial.settled("edit_issue", effect_id="toolu_1", **given) is not None
    trial.undo("edit_issue", made, **given)
    assert (issue()["title"], issue()["body"]) == ("Login fails", "On Firefox.")


def test_only_the_part_that_was_named_is_edited(trial: Trial, issue: Any) -> None:
    trial.run("edit_issue", **ISSUE, title="New")
    assert (issue()["title"], issue()["body"]) == ("New", "On Firefox.")
    trial.run("edit_issue", **ISSUE, body="")
    assert (issue()["title"], issue()["body"]) == ("New", "")


def test_what_somebody_changed_since_is_not_taken_back(trial: Trial, issue: Any, github: Ask) -> None:
    edited = trial.run("edit_issue", **ISSUE, title="New")
    labelled = trial.run("label_issue", **ISSUE, add=["later"])
    assigned = trial.run("assign_issue", **ISSUE, assignees=["octocat"])
    commented = trial.run("add_comment", **ISSUE, body="Mine")
    closed = trial.run("close_issue", **ISSUE)
    github("PATCH", f"/repos/{REPO}/issues/1", title="Theirs", labels=["theirs"], assignees=[], state="open")
    github("PATCH", f"/repos/{REPO}/issues/comments/1", body="Theirs")
    for name, made, given in (
        ("edit_issue", edited, {"title": "New"}),
        ("label_issue", labelled, {"add": ["later"]}),
        ("assign_issue", assigned, {"assignees": ["octocat"]}),
        ("add_comment", commented, {"body": "Mine"}),
        ("close_issue", closed, {}),
    ):
        with pytest.raises(ToolError, match="since"):
            trial.undo(name, made, **ISSUE, **given)
    assert (issue()["title"], issue()["state"]) == ("Theirs", "open")
    assert [one["name"] for one in issue()["labels"]] == ["theirs"]
    assert github("GET", f"/repos/{REPO}/issues/comments/1")["body"] == "Theirs"


def test_an_issue_is_closed_with_a_reason_and_opened_again(trial: Trial, issue: Any) -> None:
    assert trial.preview("close_issue", **ISSUE, reason="not_planned") == (
        f"Close issue #1 in {REPO} as not planned\n{PUBLIC}\nLogin fails"
    )
    assert trial.settled("close_issue", effect_id="toolu_1", **ISSUE) is None
    made = trial.run("close_issue", **ISSUE, reason="not_planned")
    assert (issue()["state"], issue()["state_reason"]) == ("closed", "not_planned")
    assert trial.settled("close_issue", effect_id="toolu_1", **ISSUE) is not None
    trial.undo("close_issue", made, **ISSUE)
    assert issue()["state"] == "open"
    trial.run("close_issue", **ISSUE)
    opened = trial.run("reopen_issue", **ISSUE)
    assert issue()["state"] == "open"
    assert trial.settled("reopen_issue", effect_id="toolu_1", **ISSUE) is not None
    trial.undo("reopen_issue", opened, **ISSUE)
    assert issue()["state"] == "closed"


def test_labels_are_put_on_and_taken_off_and_case_does_not_count(trial: Trial, issue: Any) -> None:
    given = {**ISSUE, "add": ["BUG", "help wanted"], "remove": ["nope"]}
    assert trial.preview("label_issue", **given).endswith("Now: bug\nThen: bug, help wanted")
    assert trial.settled("label_issue", effect_id="toolu_1", **given) is None
    made = trial.run("label_issue", **given)
    assert [one["name"] for one in issue()["labels"]] == ["bug", "help wanted"]
    assert trial.settled("label_issue", effect_id="toolu_1", **given) is not None
    trial.undo("label_issue", made, **given)
    assert [one["name"] for one in issue()["labels"]] == ["bug"]
    emptied = trial.run("label_issue", **ISSUE, remove=["Bug"])
    assert issue()["labels"] == []
    trial.undo("label_issue", emptied, **ISSUE, remove=["Bug"])
    assert [one["name"] for one in issue()["labels"]] == ["bug"]
    with pytest.raises(ToolError, match="which labels"):
        trial.run("label_issue", **ISSUE)


def test_an_issue_is_assigned_to_those_named_and_to_nobody_else(trial: Trial, issue: Any) -> None:
    trial.run("assign_issue", **ISSUE, assignees=["octocat"])
    given = {**ISSUE, "assignees": ["reviewer"]}
    assert trial.preview("assign_issue", **given).endswith("Now: octocat\nThen: reviewer")
    assert trial.settled("assign_issue", effect_id="toolu_1", **given) is None
    made = trial.run("assign_issue", **given)
    assert [one["login"] for one in issue()["assignees"]] == ["reviewer"]
    assert trial.settled("assign_issue", effect_id="toolu_1", **given) is not None
    trial.undo("assign_issue", made, **given)
    assert [one["login"] for one in issue()["assignees"]] == ["octocat"]
    trial.run("assign_issue", **ISSUE, assignees=[])
    assert issue()["assignees"] == []


def test_a_comment_is_written_once_and_deleted_again(trial: Trial, issue: Any, github: Ask) -> None:
    given = {**ISSUE, "body": "Hello **you**"}
    assert trial.preview("add_comment", **given).endswith("\nHello **you**")
    made = trial.run("add_comment", effect_id="toolu_1", **given)
    comments = github("GET", f"/repos/{REPO}/issues/1/comments")
    assert [one["body"] for one in comments] == ["Hello **you**\n\n<!-- cowork-toolu1 -->"]
    trial.undo("add_comment", made, **given)
    assert github("GET", f"/repos/{REPO}/issues/1/comments") == []


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("create_issue", {"title": "x"}),
        ("edit_issue", {"number": 1, "title": "x"}),
        ("close_issue", {"number": 1}),
        ("reopen_issue", {"number": 1}),
        ("label_issue", {"number": 1, "add": ["x"]}),
        ("assign_issue", {"number": 1, "assignees": ["octocat"]}),
        ("add_comment", {"number": 1, "body": "x"}),
    ],
)
def test_nothing_is_written_outside_of_the_scope(
    trial: Trial, issue: Any, name: str, given: dict[str, Any]
) -> None:
    before = issue()
    with pytest.raises(NotAllowed):
        trial.within("octocat/secret").run(name, repo=REPO, **given)
    with pytest.raises(ToolError, match="not a repository"):
        trial.run(name, repo=f"octocat/secret/../../{REPO}", **given)
    assert issue() == before


def test_who_may_not_write_is_told_whom_to_ask_and_a_dead_token_asks_for_a_sign_in(
    trial: Trial, emulate: Emulate
) -> None:
    with pytest.raises(ToolError, match="Ask an owner of the repository"):
        trial.run("create_issue", repo="stranger/vault", title="x")
    emulate.forget("github", emulate.github.token)
    with pytest.raises(SignInNeeded, match="refused the token"):
        trial.run("create_issue", repo=REPO, title="x")
