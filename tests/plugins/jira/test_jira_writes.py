"""Writing to Jira: what is shown, what is sent by its specification, what is proved, and how it is taken back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.sdk import ToolError
from bot.sdk.trial import Trial
from plugins.jira import plugin
from plugins.jira.adf import document
from tests.plugins.jira.conftest import BEN, MIA, SITE, Jira

WRITES = [one.name for one in plugin.actions if one.effect != "read"]
LINK = f"{SITE}/browse/PAY-12"
TEXT = "Since **Monday**:\n\n1. open\n2. `500` 🎉"
TRACE = [{"key": "cowork", "value": {"effect": "cowork-toolu1"}}]


def example_of(name: str) -> dict[str, Any]:
    return dict(next(one.example for one in plugin.actions if one.name == name))


@pytest.mark.parametrize("name", WRITES)
def test_every_writing_is_a_request_that_the_specification_knows(name: str, trial: Trial, jira: Jira) -> None:
    jira.says("GET", "/rest/api/3/issueLinkType", {"issueLinkTypes": [BLOCKS]})
    assert trial.preview(name, **example_of(name))
    made = trial.run(name, effect_id="toolu_1", **example_of(name))
    assert made.receipt is not None
    assert made.receipt.where.startswith(SITE)
    assert len(jira.written) == 1
    assert [call.violations for call in jira.calls if call.violations] == []


@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_written_outside_of_the_scope(name: str, trial: Trial, jira: Jira) -> None:
    with pytest.raises(NotAllowed):
        trial.within("OTHER").run(name, **example_of(name))
    assert jira.written == []


def test_an_issue_is_created_as_the_card_says_it(trial: Trial, jira: Jira) -> None:
    given = {"project": "pay", "summary": "Login  fails", "description": TEXT, "labels": ["payments"]}
    assert trial.preview("create_issue", **given) == (
        "Create a Task in PAY (Jira): “Login fails”\n"
        f"Summary: Login fails\nProject: PAY\nType: Task\nLabels: payments\n\n{TEXT}"
    )
    jira.says("POST", "/rest/api/3/issue", {"id": "1", "key": "PAY-24"}, code=201)
    made = trial.run("create_issue", effect_id="toolu_1", **given)
    fields = {
        "project": {"key": "PAY"},
        "summary": "Login fails",
        "issuetype": {"name": "Task"},
        "description": document(TEXT),
        "labels": ["payments"],
    }
    assert jira.written == [("POST", "/rest/api/3/issue", {"fields": fields, "properties": TRACE})]
    assert made.text == f"Created PAY-24: Login fails {SITE}/browse/PAY-24"
    assert made.receipt is not None
    assert made.receipt.where == f"{SITE}/browse/PAY-24"


def test_a_sub_task_of_an_issue_elsewhere_is_outside_of_the_scope(trial: Trial, jira: Jira) -> None:
    jira.has("HR-1", "HR")
    with pytest.raises(NotAllowed):
        trial.within("PAY").run("create_issue", project="PAY", summary="x", parent="HR-1")


def test_a_created_issue_is_deleted_again_unless_somebody_touched_it(trial: Trial, jira: Jira) -> None:
    jira.says("POST", "/rest/api/3/issue", {"id": "1", "key": "PAY-24"}, code=201)
    made = trial.run("create_issue", **example_of("create_issue"))
    jira.has("PAY-24", comment={"comments": [], "total": 1, "self": SITE, "maxResults": 1, "startAt": 0})
    with pytest.raises(ToolError, match="commented on since"):
        trial.undo("create_issue", made, **example_of("create_issue"))
    jira.has("PAY-24", comment={"comments": [], "total": 0, "self": SITE, "maxResults": 1, "startAt": 0})
    trial.undo("create_issue", made, **example_of("create_issue"))
    assert jira.written[-1][:2] == ("DELETE", "/rest/api/3/issue/PAY-24")


def test_an_edit_shows_what_is_there_and_what_will_be(trial: Trial, jira: Jira) -> None:
    jira.has(summary="Login", labels=["a"], priority={"name": "Low"})
    shown = trial.preview("edit_issue", issue="PAY-12", summary="Login fails", labels=[], priority="High")
    assert shown == (
        "Change summary, labels, priority of PAY-12 in Jira\n"
        "Summary: “Login” → “Login fails”\nLabels: “a” → nothing\nPriority: “Low” → “High”"
    )


def test_an_edit_that_would_lose_a_mention_says_so(trial: Trial, jira: Jira) -> None:
    mention = {"type": "mention", "attrs": {"id": "1", "text": "@Ben"}}
    paragraph = {"type": "paragraph", "content": [mention]}
    jira.has(description={"type": "doc", "version": 1, "content": [paragraph]})
    shown = trial.preview("edit_issue", issue="PAY-12", description="New")
    assert "Description: “@Ben” → “New”" in shown
    assert "Mentions, media, panels or colours" in shown


@pytest.mark.parametrize(("kind", "undo"), [("mention", ""), ("text", "Restore what stood there")])
def test_an_edit_of_what_markdown_cannot_write_again_cannot_be_undone(
    trial: Trial, jira: Jira, kind: str, undo: str
) -> None:
    part = {"type": kind, "text": "x"} if kind == "text" else {"type": kind, "attrs": {"id": "1"}}
    paragraph = {"type": "paragraph", "attrs": {"localId": "7"}, "content": [part]}
    old = {"type": "doc", "version": 1, "content": [paragraph]}
    jira.has(times=2, description=old)
    made = trial.run("edit_issue", issue="PAY-12", description="New")
    assert made.receipt is not None
    assert made.receipt.undo == undo


def test_an_edit_is_restored_while_nobody_else_has_changed_it(trial: Trial, jira: Jira) -> None:
    given = {"issue": "PAY-12", "labels": ["b", "c"], "due": "2026-12-01", "description": TEXT}
    old = {"labels": ["a"], "description": "Old\n\ntext"}
    jira.has(times=2, **old)
    made = trial.run("edit_issue", **given)
    assert jira.written[0][2]["fields"] == {
        "labels": ["b", "c"],
        "duedate": "2026-12-01",
        "description": document(TEXT),
    }
    jira.has(labels=["b", "c"], duedate="2026-12-02", description=TEXT)
    with pytest.raises(ToolError, match="changed since"):
        trial.undo("edit_issue", made, **given)
    jira.has(labels=["c", "b"], duedate="2026-12-01", description=TEXT)
    trial.undo("edit_issue", made, **given)
    restored = {"labels": ["a"], "duedate": None, "description": document("Old\n\ntext")}
    assert jira.written[-1][2] == {"fields": restored}


def test_an_edit_of_nothing_is_refused(trial: Trial, jira: Jira) -> None:
    with pytest.raises(ToolError, match="Say what to change"):
        trial.run("edit_issue", issue="PAY-12")


TO_DONE = {"transitions": [{"id": "31", "name": "Finish", "to": {"name": "Done"}}]}
TO_OPEN = {"transitions": [{"id": "11", "name": "Reopen", "to": {"name": "Open"}}]}


def test_an_issue_is_moved_on_and_back(trial: Trial, jira: Jira) -> None:
    jira.has(times=3, status={"name": "Open"})
    jira.says("GET", "/rest/api/3/issue/PAY-12/transitions", TO_DONE)
    assert trial.preview("transition_issue", issue="PAY-12", status="Done").endswith("Open → Done")
    made = trial.run("transition_issue", issue="PAY-12", status="done")
    assert jira.written[-1][2] == {"transition": {"id": "31"}}
    jira.has(status={"name": "Done"})
    jira.says("GET", "/rest/api/3/issue/PAY-12/transitions", TO_OPEN)
    back = trial.undo("transition_issue", made, issue="PAY-12", status="done")
    assert jira.written[-1][2] == {"transition": {"id": "11"}}
    assert back.text == f"PAY-12 is “Open” now: {LINK}"
    jira.has(status={"name": "In Review"})
    with pytest.raises(ToolError, match="In Review by now"):
        trial.undo("transition_issue", made, issue="PAY-12", status="done")


def test_a_status_that_cannot_follow_is_refused_with_those_that_can(trial: Trial, jira: Jira) -> None:
    jira.has(times=2)
    jira.says("GET", "/rest/api/3/issue/PAY-12/transitions", TO_DONE)
    with pytest.raises(ToolError, match="What it can be set to: Done"):
        trial.run("transition_issue", issue="PAY-12", status="Archived")
    assert jira.written == []


def test_an_issue_is_assigned_and_given_back(trial: Trial, jira: Jira) -> None:
    given = {"issue": "PAY-12", "account_id": BEN["accountId"]}
    jira.has(times=2, assignee=MIA)
    jira.says("GET", "/rest/api/3/user", BEN)
    made = trial.run("assign_issue", **given)
    assert jira.written[-1][2] == {"accountId": BEN["accountId"]}
    assert made.text == f"PAY-12 is assigned to Ben Ölm now: {LINK}"
    jira.has(assignee=BEN)
    trial.undo("assign_issue", made, **given)
    assert jira.written[-1][2] == {"accountId": MIA["accountId"]}


def test_a_comment_is_sent_as_shown_and_deleted_unless_edited(trial: Trial, jira: Jira) -> None:
    given = {"issue": "PAY-12", "text": TEXT}
    jira.has(times=3, summary="Login")
    jira.says("POST", "/rest/api/3/issue/PAY-12/comment", {"id": "7", "body": document(TEXT)}, code=201)
    assert trial.preview("add_comment", **given) == f"Comment on PAY-12 in Jira\nLogin\n\n{TEXT}"
    made = trial.run("add_comment", effect_id="toolu_1", **given)
    assert jira.written[-1][2] == {"body": document(TEXT), "properties": TRACE}
    assert made.receipt is not None
    assert made.receipt.where == f"{LINK}?focusedCommentId=7"
    jira.says("GET", "/rest/api/3/issue/PAY-12/comment/7", {"id": "7", "body": document("Edited")})
    with pytest.raises(ToolError, match="edited since"):
        trial.undo("add_comment", made, **given)
    jira.says("GET", "/rest/api/3/issue/PAY-12/comment/7", {"id": "7", "body": document(TEXT)})
    trial.undo("add_comment", made, **given)
    assert jira.written[-1][:2] == ("DELETE", "/rest/api/3/issue/PAY-12/comment/7")


BLOCKS = {"id": "1", "name": "Blocks", "outward": "blocks", "inward": "is blocked by"}


@pytest.mark.parametrize(
    ("relation", "inward", "outward"),
    [("blocks", "PAY-12", "PAY-13"), ("Is blocked by", "PAY-13", "PAY-12")],
)
def test_a_link_says_what_the_words_say(
    trial: Trial, jira: Jira, relation: str, inward: str, outward: str
) -> None:
    given = {"issue": "PAY-12", "relation": relation, "other": "PAY-13"}
    jira.has("PAY-12", times=2)
    jira.has("PAY-13", times=2)
    jira.says("GET", "/rest/api/3/issueLinkType", {"issueLinkTypes": [BLOCKS]})
    made = trial.run("link_issues", **given)
    sent = {"type": {"name": "Blocks"}, "inwardIssue": {"key": inward}, "outwardIssue": {"key": outward}}
    assert jira.written == [("POST", "/rest/api/3/issueLink", sent)]
    side = "outwardIssue" if relation == "blocks" else "inwardIssue"
    jira.has("PAY-12", issuelinks=[{"id": "55", "type": BLOCKS, side: {"key": "PAY-13"}}])
    trial.undo("link_issues", made, **given)
    assert jira.written[-1][:2] == ("DELETE", "/rest/api/3/issueLink/55")


def test_a_link_that_is_there_already_is_not_made_ours_to_take_back(trial: Trial, jira: Jira) -> None:
    jira.has("PAY-12", issuelinks=[{"id": "55", "type": BLOCKS, "outwardIssue": {"key": "PAY-13"}}], times=3)
    jira.has("PAY-13", times=2)
    jira.says("GET", "/rest/api/3/issueLinkType", {"issueLinkTypes": [BLOCKS]})
    with pytest.raises(ToolError, match="already"):
        trial.run("link_issues", issue="PAY-12", relation="blocks", other="PAY-13")
    assert jira.written == []


def test_a_link_to_an_issue_elsewhere_is_outside_of_the_scope(trial: Trial, jira: Jira) -> None:
    jira.has("PAY-12")
    jira.has("HR-1", "HR")
    with pytest.raises(NotAllowed):
        trial.within("PAY").run("link_issues", issue="PAY-12", relation="blocks", other="HR-1")


def test_an_unknown_link_is_refused_with_those_that_are_known(trial: Trial, jira: Jira) -> None:
    jira.says("GET", "/rest/api/3/issueLinkType", {"issueLinkTypes": [BLOCKS]})
    with pytest.raises(ToolError, match="It has: blocks, is blocked by"):
        trial.run("link_issues", issue="PAY-12", relation="eats", other="PAY-13")


def test_time_is_logged_and_taken_off_again(trial: Trial, jira: Jira) -> None:
    given = {"issue": "PAY-12", "minutes": 90, "text": "Found it"}
    jira.has(times=2)
    jira.says("POST", "/rest/api/3/issue/PAY-12/worklog", {"id": "9"}, code=201)
    made = trial.run("log_work", effect_id="toolu_1", **given)
    assert jira.written[-1][2] == {
        "timeSpentSeconds": 5400,
        "started": "2026-11-23T09:00:00.000+0000",
        "comment": document("Found it"),
        "properties": TRACE,
    }
    jira.says("GET", "/rest/api/3/issue/PAY-12/worklog/9", {"id": "9", "timeSpentSeconds": 60})
    with pytest.raises(ToolError, match="changed since"):
        trial.undo("log_work", made, **given)
    jira.says("GET", "/rest/api/3/issue/PAY-12/worklog/9", {"id": "9", "timeSpentSeconds": 5400})
    trial.undo("log_work", made, **given)
    assert jira.written[-1][:2] == ("DELETE", "/rest/api/3/issue/PAY-12/worklog/9")


@pytest.mark.parametrize("wrong", [{"minutes": 0}, {"minutes": 9000}, {"minutes": 5, "started": "yesterday"}])
def test_time_that_cannot_be_is_refused(trial: Trial, jira: Jira, wrong: dict[str, Any]) -> None:
    with pytest.raises(ToolError):
        trial.run("log_work", issue="PAY-12", **wrong)
    assert jira.written == []


SPRINTS = {37: "Sprint 2", 36: "Sprint 1"}


def in_sprint(jira: Jira, key: str, number: int | None, *, times: int = 1) -> None:
    sprint = {"id": number, "name": SPRINTS[number], "state": "active"} if number else None
    path = f"/rest/agile/1.0/issue/{key}"
    jira.says("GET", path, {"id": "1", "key": key, "fields": {"sprint": sprint}}, times=times)


def test_issues_go_into_a_sprint_and_back_to_where_each_was(trial: Trial, jira: Jira) -> None:
    given = {"issues": ["PAY-12", "PAY-13"], "sprint": 37}
    for key, number in (("PAY-12", 36), ("PAY-13", None)):
        in_sprint(jira, key, number)
        jira.has(key)
    sprint = {"id": 37, "name": "Sprint 2", "state": "active", "originBoardId": 84}
    jira.says("GET", "/rest/agile/1.0/sprint/{sprintId}", sprint, times=2)
    jira.says("GET", "/rest/agile/1.0/board/{boardId}", {"id": 84, "location": {"projectKey": "PAY"}})
    made = trial.within("PAY").run("add_to_sprint", **given)
    moved = ("POST", "/rest/agile/1.0/sprint/37/issue", {"issues": ["PAY-12", "PAY-13"]})
    assert jira.written == [moved]
    for key in given["issues"]:
        in_sprint(jira, key, 37)
    trial.undo("add_to_sprint", made, **given)
    assert jira.written[1:] == [
        ("POST", "/rest/agile/1.0/sprint/36/issue", {"issues": ["PAY-12"]}),
        ("POST", "/rest/agile/1.0/backlog/issue", {"issues": ["PAY-13"]}),
    ]
