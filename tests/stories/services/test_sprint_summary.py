"""With every service connected the prompt stays small: what a goal needs is found, and run through the same gate."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.effect import Effect
from bot.domain.task import TaskState
from bot.registry.finding import SHOWN
from bot.rehearsal.answer import Answer, calls, text
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism
from tests.engine.office import Office
from tests.plugins.calendar.conftest import google_connection as calendar_account
from tests.plugins.confluence.conftest import Confluence
from tests.plugins.confluence.conftest import signed_in as confluence_account
from tests.plugins.github.conftest import REPO, Ask
from tests.plugins.github.conftest import connected as github_account
from tests.plugins.google.conftest import connection as google_account
from tests.plugins.jira.conftest import Jira
from tests.plugins.jira.conftest import signed_in as jira_account
from tests.plugins.linear.conftest import connected as linear_account
from tests.plugins.notion.conftest import connected as notion_account
from tests.plugins.slack.conftest import connected as slack_account
from tests.stories.services.conftest import PLUGINS, Staffed, asked, told

GOAL = (
    f"Summarise the open issues of {REPO} for the sprint, by severity, as sprint.md, and open an issue there that says "
    "which one comes first"
)
ISSUES = {"Checkout fails": "critical", "Slow list": "high", "Typo": "low"}
FIRST = {"repo": REPO, "title": "Sprint: start with “Checkout fails”", "body": "It is critical."}


@pytest.fixture
def everything(
    emulate: Emulate, jira: Jira, confluence: Confluence, prism: Callable[[str], Prism], tmp_path: Path
) -> dict[str, Any]:
    """An account at every service."""
    return {
        "calendar": calendar_account(emulate.google.url),
        "confluence": confluence_account(confluence.running.url),
        "github": github_account(emulate.github.url, emulate.github.token),
        "google": google_account(emulate.google.url),
        "jira": jira_account(jira.running.url),
        "linear": linear_account(emulate.linear.url, emulate.linear.token),
        "notion": notion_account(prism("notion").url, tmp_path).connection,
        "slack": slack_account(emulate.slack.url, tmp_path, token=emulate.slack.token).connection,
    }


def _finds(query: str) -> Answer:
    return calls(("find_actions", {"query": query}))


def _runs(name: str, given: dict[str, Any]) -> Callable[[dict[str, Any]], Answer]:
    """Only what was found is run."""

    def runs(request: dict[str, Any]) -> Answer:
        found = re.findall(r"^(\w+): ", told(request), re.MULTILINE)
        assert name in found, found
        return calls(("run_action", {"action": name, "input": given}))

    return runs


def _writes(request: dict[str, Any]) -> Answer:
    listed = re.findall(r"^#(\d+) (.+?) · open · (\w+) · ", told(request), re.MULTILINE)
    rows = sorted(listed, key=lambda one: ("critical", "high", "low").index(one[2]))
    content = "\n".join(["# Sprint", *(f"- {label}: #{number} {title}" for number, title, label in rows)])
    return calls(
        ("write_file", {"path": "sprint.md", "content": content}),
        ("deliver", {"path": "sprint.md", "title": "Sprint"}),
    )


def test_what_the_goal_needs_is_found_among_all_actions_and_a_write_asks_by_its_own_name(
    staffed: Staffed, everything: dict[str, Any], github: Ask
) -> None:
    for title, label in ISSUES.items():
        github("POST", f"/repos/{REPO}/issues", title=title, labels=[label])
    office: Office = staffed(
        everything,
        _finds("list open issues of a github repository"),
        _runs("github_list_issues", {"repo": REPO}),
        _writes,
        _finds("open a new github issue"),
        _runs("github_create_issue", FIRST),
        text("Done."),
    )

    task = office.begin(GOAL)
    (action,) = asked(office, task)

    assert everything.keys() == PLUGINS.keys()
    tools = office.double.requests[0]["tools"]
    services = [one["name"] for one in tools if one["name"].partition("_")[0] in PLUGINS]
    assert 0 < len(services) <= SHOWN < sum(len(one.tools) for one in PLUGINS.values())
    assert action.call.tool == "github_create_issue" not in services
    assert action.preview == f"Open an issue in {REPO}: “{FIRST['title']}”"
    assert len(github("GET", f"/repos/{REPO}/issues?state=open")) == len(ISSUES)

    assert office.approve(task.id).state is TaskState.DONE

    newest = github("GET", f"/repos/{REPO}/issues?state=open")[0]
    assert newest["title"] == FIRST["title"]
    snapshot = office.record.snapshot(task.id)
    assert [one.where for one in snapshot.receipts if one.effect is Effect.CREATE][-1] == newest["html_url"]
    (summary,) = snapshot.deliverables
    lines = Path(summary.path).read_text("utf-8").splitlines()
    assert [line.split(": #")[0] for line in lines[1:]] == ["- critical", "- high", "- low"]
