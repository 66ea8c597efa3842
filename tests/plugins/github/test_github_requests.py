"""Every request that an action's example makes is one of the official specification."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.sdk import EVERYWHERE, Effect, ToolError
from bot.sdk.trial import Trial
from plugins.github import plugin
from tests.counterparts.prism import Prism

HEAD = "6dcb09b5b57875f334f61aebed695e2e4193db5e"
"""Of the specification's pull request."""

MENDED: dict[str, dict[str, Any]] = {
    "create_file": {"path": "login.md"},  # prism takes no slash where GitHub does
    "open_pull_request": {"head": "fix"},
    "approve_pull_request": {"commit": HEAD},
    "request_changes": {"commit": HEAD},
    "review_pull_request": {"commit": HEAD},
}
NOT_PRISMS = {"read_job_log", "read_file"}
"""Its examples are of a storage that is nowhere, and of a file that is no Base64."""


def test_what_has_no_author_and_no_text_is_listed_all_the_same(
    by_specification: Trial, official: Prism
) -> None:
    """People leave GitHub, and much may be null: their "ghosts" stay."""
    client = by_specification.plugin.client(by_specification.connection)
    commit = client.get("/repos/acme/api/commits")[0]
    nobody = {**commit, "author": None, "committer": None, "commit": {**commit["commit"], "author": None}}
    official.answer("GET", "/repos/{owner}/{repo}/commits", [nobody])
    assert "Fix all the bugs · https" in by_specification.run("list_commits", repo="acme/api").text
    issue = {
        **client.get("/repos/acme/api/issues/1"),
        "user": None,
        "body": None,
        "assignees": [],
        "milestone": None,
    }
    official.answer("GET", "/repos/{owner}/{repo}/issues", [issue])
    assert "by ghost 2011-04-22" in by_specification.run("list_issues", repo="acme/api").text
    official.answer("GET", "/repos/{owner}/{repo}/issues/{issue_number}", issue)
    assert "(no text)" in by_specification.run("get_issue", repo="acme/api", number=1).text


@pytest.mark.parametrize("name", [one.name for one in plugin.actions if one.name not in NOT_PRISMS])
def test_its_example_is_a_right_request_and_the_answer_is_understood(
    by_specification: Trial, official: Prism, name: str
) -> None:
    action = next(one for one in plugin.actions if one.name == name)
    given = {**action.example, **MENDED.get(name, {})}
    assert by_specification.preview(name, **given)
    assert by_specification.run(name, effect_id="toolu_1", **given).text
    assert [call.violations for call in official.calls if call.violations] == []
    assert {call.status // 100 for call in official.calls} == {2}
    assert {call.headers["x-github-api-version"] for call in official.calls} == {"2022-11-28"}


@pytest.mark.parametrize("name", [one.name for one in plugin.actions if one.items is not EVERYWHERE])
def test_outside_of_the_scope_nothing_is_even_asked_for(
    by_specification: Trial, official: Prism, name: str
) -> None:
    action = next(one for one in plugin.actions if one.name == name)
    with pytest.raises(NotAllowed, match=r"octocat/hello-world is outside of acme/\*"):
        by_specification.within("acme/*").run(name, **action.example)
    with pytest.raises(ToolError, match="is not a repository"):
        by_specification.run(name, **{**action.example, "repo": "acme/api/../../octocat/hello-world"})
    assert official.calls == []


def test_what_looks_everywhere_is_three_listings_that_filter() -> None:
    everywhere = {one.name for one in plugin.actions if one.items is EVERYWHERE}
    assert everywhere == {"list_repositories", "search_issues", "search_code"}
    writing = [one for one in plugin.actions if one.effect is not Effect.READ]
    assert all(one.destinations.keys() >= {"repo"} for one in writing)
