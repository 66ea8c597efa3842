"""Connecting Jira by a token at a site, what the scope picker shows, and the lookups after a crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.sdk import Connection, Item, Per, ToolError
from bot.sdk.trial import Trial
from plugins.jira import plugin
from plugins.jira.adf import document
from tests.plugins.jira.conftest import BEN, MIA, SITE, Jira, issue

OURS = {"cowork": {"effect": "cowork-toolu1"}}
OTHERS = {"cowork": {"effect": "cowork-toolu2"}}
NEW = {"project": "PAY", "summary": "Login fails"}


def by_token(url: str, site: str) -> Connection:
    return Connection(
        plugin="jira",
        way="token",
        per=Per.PERSON,
        secrets={"site": site, "email": "mia@example.com", "token": "ATATT-x"},
        endpoints={"site": url, "api": "http://127.0.0.1:1", "auth": "http://127.0.0.1:1"},
    )


def test_an_api_token_signs_in_at_the_site_itself(jira: Jira, tmp_path: Path) -> None:
    url = jira.running.url
    connection = by_token(url, f" {url}/ ")
    checked = plugin.check(plugin.client(connection))
    assert checked.account.endswith(f" at {url.partition('//')[2]}")
    trial = Trial(plugin=plugin, connection=connection, folder=tmp_path)
    assert trial.run("get_issue", issue="PAY-12").text
    assert jira.calls[0].path == "/rest/api/3/myself"
    assert jira.calls[0].headers["authorization"].startswith("Basic ")
    assert [call.violations for call in jira.calls if call.violations] == []


@pytest.mark.parametrize("typed", ["acme.atlassian.net", "https://acme.atlassian.net/jira/software", SITE])
def test_a_site_is_taken_however_people_type_it(typed: str) -> None:
    assert plugin.client(by_token("https://atlassian.net", typed)).site == SITE


@pytest.mark.parametrize(
    "typed",
    [
        "https://evil.example",
        "https://atlassian.net.evil.example",
        "https://evilatlassian.net",
        "http://acme.atlassian.net",
        "https://acme.atlassian.net:8443",
        "https://me@acme.atlassian.net",
        "http://169.254.169.254",
        "",
    ],
)
def test_a_token_is_sent_to_no_other_host_than_the_vendors(typed: str) -> None:
    with pytest.raises(ToolError, match="is not a Jira site"):
        plugin.check(plugin.client(by_token("https://atlassian.net", typed)))


def test_the_scope_picker_shows_projects(trial: Trial, jira: Jira) -> None:
    jira.has_projects(PAY="Payments", HR="People")
    client = plugin.client(trial.connection)
    assert plugin.discover(client, "p") == [Item(id="PAY", title="Payments"), Item(id="HR", title="People")]
    assert jira.calls[-1].query["query"] == "p"


def traced(key: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"id": "1", "key": key, "properties": properties}


def searched(jira: Jira, *issues: dict[str, Any]) -> None:
    jira.says("GET", "/rest/api/3/search/jql", {"issues": list(issues), "isLast": True})


def test_an_issue_that_a_crash_left_is_found_by_its_trace(trial: Trial, jira: Jira) -> None:
    searched(jira, traced("PAY-25", OTHERS), traced("PAY-24", OURS))
    found = trial.settled("create_issue", effect_id="toolu_1", **NEW)
    assert found is not None
    assert found.receipt is not None
    assert (found.receipt.what, found.receipt.where) == ("Created PAY-24", f"{SITE}/browse/PAY-24")


@pytest.mark.parametrize("others", [(), ("PAY-24",), ("PAY-24", "PAY-25", "PAY-26", "PAY-27")])
def test_an_issue_that_the_search_does_not_know_yet_is_found_at_one_of_the_next_keys(
    trial: Trial, jira: Jira, others: tuple[str, ...]
) -> None:
    searched(jira)
    searched(jira, traced("PAY-23", {}))
    key = f"PAY-{24 + len(others)}"
    for other in others:
        jira.says("GET", f"/rest/api/3/issue/{other}/properties/cowork", {}, code=404)
    jira.says("GET", f"/rest/api/3/issue/{key}/properties/cowork", {"key": "cowork", "value": OURS["cowork"]})
    found = trial.settled("create_issue", effect_id="toolu_1", **NEW)
    assert found is not None
    assert found.ids == (key,)


def test_an_issue_that_was_not_created_is_not_found(trial: Trial, jira: Jira) -> None:
    searched(jira, traced("PAY-24", OTHERS))
    searched(jira, traced("PAY-24", OTHERS))
    for number in range(25, 30):
        jira.says("GET", f"/rest/api/3/issue/PAY-{number}/properties/cowork", {}, code=404)
    assert trial.settled("create_issue", effect_id="toolu_1", **NEW) is None


def test_among_too_many_new_issues_it_is_not_told(trial: Trial, jira: Jira) -> None:
    searched(jira, *(traced(f"PAY-{number}", {}) for number in range(100)))
    with pytest.raises(ToolError, match="not clear"):
        trial.settled("create_issue", effect_id="toolu_1", **NEW)


@pytest.mark.parametrize("effect", ["toolu_1", "toolu_9"])
def test_a_comment_is_found_by_its_trace_or_not_at_all(trial: Trial, jira: Jira, effect: str) -> None:
    comments = [
        {"id": "8", "author": BEN, "created": "2026-11-23T09:00:00.000+0000", "body": document("x")},
        {"id": "7", "author": MIA, "created": "2026-11-23T08:00:00.000+0000", "body": document("x")},
    ]
    jira.says("GET", "/rest/api/3/issue/PAY-12/comment", {"comments": comments})
    jira.says("GET", "/rest/api/3/myself", MIA)
    jira.says("GET", "/rest/api/3/comment/7/properties/cowork", {"key": "cowork", "value": OURS["cowork"]})
    found = trial.settled("add_comment", effect_id=effect, issue="PAY-12", text="x")
    assert (found is not None) == (effect == "toolu_1")


@pytest.mark.parametrize("effect", ["toolu_1", "toolu_9"])
def test_logged_time_is_found_by_its_trace_or_not_at_all(trial: Trial, jira: Jira, effect: str) -> None:
    jira.says("GET", "/rest/api/3/issue/PAY-12/worklog", {"worklogs": [{"id": "9", "author": MIA}]})
    jira.says("GET", "/rest/api/3/myself", MIA)
    path = "/rest/api/3/issue/PAY-12/worklog/9/properties/cowork"
    jira.says("GET", path, {"key": "cowork", "value": OURS["cowork"]})
    found = trial.settled("log_work", effect_id=effect, issue="PAY-12", minutes=90)
    assert (found is not None) == (effect == "toolu_1")


LINKED = [{"id": "5", "type": {"outward": "blocks"}, "outwardIssue": {"key": "PAY-13"}}]


@pytest.mark.parametrize(
    ("name", "given", "then", "otherwise"),
    [
        ("transition_issue", {"status": "done"}, {"status": {"name": "Done"}}, {"status": {"name": "Open"}}),
        ("assign_issue", {"account_id": BEN["accountId"]}, {"assignee": BEN}, {"assignee": MIA}),
        (
            "link_issues",
            {"relation": "blocks", "other": "PAY-13"},
            {"issuelinks": LINKED},
            {"issuelinks": []},
        ),
        (
            "edit_issue",
            {"labels": ["b", "a"], "description": "a **b**\n"},
            {"labels": ["a", "b"], "description": "a **b**"},
            {"labels": ["a"], "description": "a **b**"},
        ),
    ],
)
def test_a_change_is_settled_when_the_issue_is_as_it_was_to_be(
    trial: Trial,
    jira: Jira,
    name: str,
    given: dict[str, Any],
    then: dict[str, Any],
    otherwise: dict[str, Any],
) -> None:
    jira.has(**then)
    assert trial.settled(name, effect_id="toolu_1", issue="PAY-12", **given) is not None
    jira.has(**otherwise)
    assert trial.settled(name, effect_id="toolu_1", issue="PAY-12", **given) is None


@pytest.mark.parametrize("number", [37, 36])
def test_issues_are_settled_in_a_sprint_when_all_of_them_are_there(
    trial: Trial, jira: Jira, number: int
) -> None:
    fields = {"sprint": {"id": number, "name": "Sprint"}}
    jira.says("GET", "/rest/agile/1.0/issue/PAY-12", issue() | {"fields": fields})
    found = trial.settled("add_to_sprint", effect_id="toolu_1", issues=["PAY-12"], sprint=37)
    assert (found is not None) == (number == 37)
