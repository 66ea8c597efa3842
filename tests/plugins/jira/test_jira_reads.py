"""Reading Jira: what is asked by its specification, what comes back in lines, and nothing from outside of the scope."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.sdk import ToolError
from bot.sdk.trial import Trial
from plugins.jira import plugin
from tests.plugins.jira.conftest import BEN, MIA, SITE, Jira, issue

READS = [one.name for one in plugin.actions if one.effect == "read"]


@pytest.mark.parametrize("name", READS)
def test_every_reading_is_a_request_that_the_specification_knows(name: str, trial: Trial, jira: Jira) -> None:
    example = next(one.example for one in plugin.actions if one.name == name)
    assert trial.run(name, **example).text
    assert trial.preview(name, **example)
    assert [call.violations for call in jira.calls if call.violations] == []
    assert {call.status for call in jira.calls} == {200}


def found(*issues: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    return {"issues": list(issues)} | ({"nextPageToken": token} if token else {"isLast": True})


def test_a_found_issue_is_a_line_with_its_key_and_link(trial: Trial, jira: Jira) -> None:
    one = issue(
        summary="Login fails für Ölm 🎉",
        status={"name": "In Progress"},
        issuetype={"name": "Bug"},
        priority={"name": "High"},
        assignee=MIA,
        labels=["payments"],
        duedate="2026-12-01",
        updated="2026-11-20T08:15:00.000+0000",
    )
    jira.says("GET", "/rest/api/3/search/jql", found(one, token="next"))
    result = trial.run("search_issues", jql="text ~ login")
    assert result.text == (
        "1 issues:\n"
        "- PAY-12 Login fails für Ölm 🎉 · Bug · In Progress · High · Mia Berg · due 2026-12-01 · payments"
        f" · updated 2026-11-20 08:15 · {SITE}/browse/PAY-12\n"
        'More with cursor="next".'
    )
    assert result.ids == ("PAY-12",)
    assert jira.calls[-1].query["jql"] == "(text ~ login) ORDER BY updated DESC"


def test_nothing_found_says_so(trial: Trial, jira: Jira) -> None:
    jira.says("GET", "/rest/api/3/search/jql", found())
    assert trial.run("search_issues", jql="text ~ login").text == "No issues found."


def test_a_search_is_kept_within_the_scope_and_so_is_what_comes_back(trial: Trial, jira: Jira) -> None:
    jira.has_projects(PAY="Payments", PAYROLL="Salaries", HR="People")
    jira.says("GET", "/rest/api/3/search/jql", found(issue(), issue("HR-1", "HR", summary="Layoffs")))
    result = trial.within("pay*").run("search_issues", jql='text ~ "x) OR (y" order by key')
    query = 'project in ("PAY", "PAYROLL") AND (text ~ "x) OR (y") order by key'
    assert jira.calls[-1].query["jql"] == query
    assert "Layoffs" not in result.text
    assert "1 more are outside" in result.text


@pytest.mark.parametrize(
    "jql",
    [
        "a = 1) OR (project = HR",
        ")(",
        'text ~ "open',
        r"text ~ a\" OR project = HR) OR (x ~ \"",
    ],
)
def test_a_query_cannot_break_out_of_the_scope(trial: Trial, jira: Jira, jql: str) -> None:
    jira.has_projects(PAY="Payments")
    with pytest.raises(ToolError, match="Correct it"):
        trial.within("PAY").run("search_issues", jql=jql)


def test_an_issue_is_told_whole_but_not_what_it_is_linked_with_elsewhere(trial: Trial, jira: Jira) -> None:
    links = [
        {"id": "1", "type": {"outward": "blocks"}, "outwardIssue": other("PAY-13", "Pay out")},
        {"id": "2", "type": {"inward": "is blocked by"}, "inwardIssue": other("HR-1", "Layoffs")},
    ]
    text = "Since **Monday**:\n\n- `500`\n- on [login](https://x.example)"
    whole = issue(summary="Login fails", description=text, issuelinks=links, reporter=BEN)
    whole["changelog"] = {
        "histories": [change("status", "To Do", "Done"), change("Link", "", "HR-1 Layoffs")]
    }
    jira.has()
    jira.says("GET", "/rest/api/3/issue/PAY-12", whole)
    comments = [comment("2", "Newer"), comment("1", "Older")]
    jira.says("GET", "/rest/api/3/issue/PAY-12/comment", {"comments": comments, "total": 9})
    told = trial.within("PAY").run("get_issue", issue="pay-12").text
    assert told == (
        f"PAY-12 Login fails\n{SITE}/browse/PAY-12\nAssignee: nobody\nReporter: Ben Ölm [{BEN['accountId']}]\n\n"
        f"## Description\n{text}\n\n"
        "## Linked\n- blocks PAY-13 Pay out (Open)\n\n"
        "1 more links lead outside of what was granted.\n\n"
        "## Comments, the newest 2 of 9\n"
        "### Mia Berg, 2026-11-20 08:15 (comment 1)\nOlder\n"
        "### Mia Berg, 2026-11-20 08:15 (comment 2)\nNewer\n\n"
        "## History, newest first\n"
        "- 2026-11-20 08:15 Mia Berg: status from “To Do” to “Done”\n"
        "- 2026-11-20 08:15 Mia Berg: Link changed"
    )


def other(key: str, summary: str) -> dict[str, Any]:
    return {"key": key, "fields": {"summary": summary, "status": {"name": "Open"}}}


def change(field: str, old: str, new: str) -> dict[str, Any]:
    item = {"field": field, "fromString": old, "toString": new}
    return {"author": MIA, "created": "2026-11-20T08:15:00.000+0000", "items": [item]}


def comment(number: str, text: str) -> dict[str, Any]:
    body = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [said(text)]}]}
    return {"id": number, "author": MIA, "created": "2026-11-20T08:15:00.000+0000", "body": body}


def said(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def test_a_long_issue_is_read_in_parts(trial: Trial, jira: Jira) -> None:
    jira.has(times=4, description="x" * 30_000)
    first = trial.run("get_issue", issue="PAY-12").text
    assert "go on with offset=20000" in first
    assert trial.run("get_issue", issue="PAY-12", offset=20_000).text.startswith("xxx")


def test_an_issue_that_was_moved_out_of_the_scope_is_not_read(trial: Trial, jira: Jira) -> None:
    jira.has("PAY-12", "HR")
    with pytest.raises(NotAllowed, match="HR is outside"):
        trial.within("PAY").run("get_issue", issue="PAY-12")


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("list_transitions", {"issue": "PAY-12"}),
        ("find_users", {"project": "HR"}),
        ("list_sprints", {"board": 84}),
        ("list_sprint_issues", {"sprint": 37}),
    ],
)
def test_nothing_of_a_project_outside_of_the_scope_is_read(
    trial: Trial, jira: Jira, name: str, given: dict[str, Any]
) -> None:
    jira.has("PAY-12", "HR")
    jira.says("GET", "/rest/agile/1.0/sprint/{sprintId}", {"id": 37, "originBoardId": 84})
    jira.says("GET", "/rest/agile/1.0/board/{boardId}", {"id": 84, "location": {"projectKey": "HR"}})
    with pytest.raises(NotAllowed, match="HR is outside"):
        trial.within("PAY").run(name, **given)


@pytest.mark.parametrize("key", ["../myself", "PAY-12/comment", "PAY%2F..%2F1", "PAY-", "-1", "", "PAY-12?x"])
def test_what_is_no_key_is_never_asked_for(trial: Trial, jira: Jira, key: str) -> None:
    with pytest.raises(ToolError, match="not the key"):
        trial.run("get_issue", issue=key)
    assert jira.calls == []


def test_projects_outside_of_the_scope_are_not_listed(trial: Trial, jira: Jira) -> None:
    jira.has_projects(PAY="Payments", HR="People")
    result = trial.within("PAY").run("list_projects")
    assert result.text == f"1 of 1 projects:\n- PAY Payments · {SITE}/browse/PAY"
    assert result.ids == ("PAY",)


def test_projects_are_listed_page_by_page(trial: Trial, jira: Jira) -> None:
    names = {f"P{number}": "x" for number in range(10, 35)}
    for _ in range(2):
        jira.has_projects(**names)
    assert 'More with cursor="20"' in trial.run("list_projects").text
    assert trial.run("list_projects", cursor="20").text.startswith("5 of 25 projects:\n- P30 x")


def test_boards_and_sprints_outside_of_the_scope_are_not_read(trial: Trial, jira: Jira) -> None:
    boards = [
        {"id": 84, "name": "Pay board", "type": "scrum", "location": {"projectKey": "PAY"}},
        {"id": 85, "name": "Secret", "type": "scrum", "location": {"projectKey": "HR"}},
        {"id": 86, "name": "Somebody's own", "type": "kanban"},
    ]
    jira.says("GET", "/rest/agile/1.0/board", {"values": boards, "isLast": True, "startAt": 0})
    text = trial.within("PAY").run("list_boards").text
    assert text.splitlines()[:2] == ["1 boards:", "- 84 Pay board · scrum · PAY"]
    assert "2 more are outside" in text
    jira.says("GET", "/rest/agile/1.0/board/{boardId}", boards[2])
    with pytest.raises(NotAllowed):
        trial.within("PAY").run("list_sprints", board=86)


def test_a_sprint_is_told_with_its_dates_and_goal(trial: Trial, jira: Jira) -> None:
    sprint = {"id": 37, "name": "Sprint 1", "state": "active", "goal": "Pay out"}
    dates = {"startDate": "2026-11-16T09:00:00.000Z", "endDate": "2026-11-27T09:00:00.000Z"}
    answer = {"values": [sprint | dates], "startAt": 0, "total": 2, "isLast": False}
    jira.says("GET", "/rest/agile/1.0/board/{boardId}/sprint", answer)
    assert trial.run("list_sprints", board=84).text == (
        "1 of 2 sprints:\n- 37 Sprint 1 · active · 2026-11-16 to 2026-11-27 · goal: Pay out\n"
        'More with cursor="1".'
    )


def test_the_issues_of_a_sprint_are_those_of_the_scope(trial: Trial, jira: Jira) -> None:
    jira.says("GET", "/rest/agile/1.0/sprint/{sprintId}", {"id": 37, "originBoardId": 84})
    jira.says("GET", "/rest/agile/1.0/board/{boardId}", {"id": 84, "location": {"projectKey": "PAY"}})
    jira.has_projects(PAY="Payments", HR="People")
    answer = {"issues": [issue(), issue("HR-1", "HR")], "startAt": 0, "total": 2}
    jira.says("GET", "/rest/agile/1.0/sprint/{sprintId}/issue", answer)
    text = trial.within("PAY").run("list_sprint_issues", sprint=37, jql="status != Done").text
    assert jira.calls[-1].query["jql"] == 'project in ("PAY") AND (status != Done) ORDER BY rank'
    assert "PAY-12" in text
    assert "HR-1" not in text


def test_people_are_found_with_the_ids_that_assigning_takes(trial: Trial, jira: Jira) -> None:
    jira.says("GET", "/rest/api/3/user/assignable/search", [MIA, BEN])
    result = trial.run("find_users", project="pay", search="m")
    assert f"- Ben Ölm [{BEN['accountId']}]" in result.text
    assert result.ids == (MIA["accountId"], BEN["accountId"])
