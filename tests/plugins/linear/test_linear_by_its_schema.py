"""What the plugin asks is what Linear's published schema allows, and what may go wrong is told to who can act."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import parse, validate

from bot.errors import Halted, NotAllowed, SignInNeeded, ToolError, Unavailable
from bot.sdk.trial import Trial
from plugins.linear import check, discover, documents, plugin
from plugins.linear.client import linear
from plugins.linear.names import own_id
from tests.plugins.linear.official import Official

DOCUMENTS = {name: text for name, text in vars(documents).items() if name[0].isupper()}
PROJECT = {"id": "p1", "name": "Checkout", "teams": {"nodes": [{"key": "WEB"}, {"key": "OPS"}]}}
ISSUE = {
    "id": "i1",
    "identifier": "WEB-1",
    "updatedAt": "2026-11-23T09:00:00.000Z",
    "team": {"id": "t1", "key": "WEB"},
    "state": {"id": "s1", "name": "Todo"},
    "labels": {"nodes": [{"id": "l1", "name": "Bug"}]},
}
TEAM = {
    "id": "t1",
    "key": "WEB",
    "states": {"nodes": [{"id": "s1", "name": "Todo"}, {"id": "s2", "name": "Done"}]},
    "labels": {"nodes": []},
}


@pytest.fixture
def acme(official: Official) -> Official:
    official.says = {
        "teams": {"nodes": [TEAM]},
        "issueLabels": {"nodes": [{"id": "l1", "name": "Bug", "team": None}]},
        "projects": {"nodes": [PROJECT | {"health": "onTrack"}]},
        "project": PROJECT,
        "issue": ISSUE,
        "issues": {"nodes": [ISSUE]},
        "searchIssues": {"nodes": [ISSUE]},
        "cycles": {"nodes": [{"number": 7, "name": "Sprint 7", "team": {"key": "WEB"}}]},
        "projectUpdate": {"id": "u1", "body": "Done", "project": PROJECT},
    }
    return official


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_each_document_is_valid(official: Official, name: str) -> None:
    assert validate(official.schema, parse(DOCUMENTS[name])) == []


@pytest.mark.parametrize("action", [one.name for one in plugin.actions])
def test_each_action_asks_what_the_schema_allows(acme: Official, by_schema: Trial, action: str) -> None:
    example = next(dict(one.example) for one in plugin.actions if one.name == action)
    assert by_schema.preview(action, **example)
    done = by_schema.run(action, effect_id="toolu_1", **example)
    assert done.text
    assert acme.asked
    is_read = next(one for one in plugin.actions if one.name == action).effect == "read"
    sent = [one for one in acme.asked if one["query"].strip().startswith("mutation")]
    assert len(sent) == (0 if is_read else 1)


@pytest.mark.parametrize("action", ["create_issue", "add_comment", "post_project_update"])
def test_what_is_created_is_given_our_own_id(acme: Official, by_schema: Trial, action: str) -> None:
    example = next(dict(one.example) for one in plugin.actions if one.name == action)
    by_schema.run(action, effect_id="toolu_9", **example)
    assert acme.asked[-1]["variables"]["input"]["id"] == own_id("toolu_9")
    assert own_id("toolu_9") != own_id("toolu_8")


def test_filters_are_linears_own(acme: Official, by_schema: Trial) -> None:
    where: dict[str, Any] = {
        "state": "open",
        "assignee": "me",
        "label": "Bug",
        "project": "Checkout",
        "cycle": "current",
        "priority": "high",
        "updated_since": "2026-11-01",
    }
    by_schema.run("list_issues", team="web", where=where)
    assert acme.asked[-1]["variables"]["filter"] == {
        "team": {"key": {"in": ["WEB"]}},
        "state": {"type": {"nin": ["completed", "canceled"]}},
        "assignee": {"isMe": {"eq": True}},
        "labels": {"some": {"name": {"eqIgnoreCase": "Bug"}}},
        "project": {"name": {"eqIgnoreCase": "Checkout"}},
        "cycle": {"isActive": {"eq": True}},
        "priority": {"eq": 2},
        "updatedAt": {"gte": "2026-11-01"},
    }
    for other in (
        {"state": "started", "assignee": "none", "cycle": "7"},
        {"state": "In Review", "assignee": "ben@example.com", "cycle": "Sprint 7"},
        {"assignee": "Ben"},
    ):
        assert by_schema.run("list_issues", where=other).ids == ("WEB-1",)


def test_the_scope_is_in_the_search_and_the_answers_are_filtered_by_it(
    acme: Official, by_schema: Trial
) -> None:
    found = by_schema.within("ops", "MKT").run("search_issues", query="checkout")
    assert acme.asked[-1]["variables"]["filter"] == {"team": {"key": {"in": ["OPS", "MKT"]}}}
    assert found.ids == ()
    assert found.text == "No issues found.\nOnly what was granted is shown."


def test_projects_and_cycles_are_told_with_their_progress(acme: Official, by_schema: Trial) -> None:
    projects = by_schema.run("list_projects", team="WEB", state="In Progress").text
    assert "Checkout · text · 100% done · health onTrack · led by text" in projects
    assert "teams WEB, OPS" in projects
    elsewhere = by_schema.within("MKT").run("list_projects").text
    assert "Checkout" not in elsewhere
    assert "1 more are outside" in elsewhere
    assert "WEB cycle 7 Sprint 7 · now" in by_schema.run("list_cycles", team="WEB").text
    assert "1 more are outside" in by_schema.within("OPS").run("list_cycles").text


def test_an_update_goes_to_a_project_only_when_all_of_its_teams_were_granted(
    acme: Official, by_schema: Trial
) -> None:
    given = {"project": "checkout", "body": "Done", "health": "atRisk"}
    with pytest.raises(NotAllowed, match="OPS"):
        by_schema.within("WEB").run("post_project_update", **given)
    card = by_schema.preview("post_project_update", **given)
    assert card.endswith("Health: atRisk\n\nDone")
    made = by_schema.run("post_project_update", effect_id="toolu_1", **given)
    assert acme.asked[-1]["variables"]["input"]["health"] == "atRisk"
    assert by_schema.settled("post_project_update", effect_id="toolu_1", **given) is not None
    by_schema.undo("post_project_update", made, **given)
    assert "projectUpdateArchive" in acme.asked[-1]["query"]
    acme.says["projectUpdate"] = {"body": "Something else"}
    with pytest.raises(ToolError, match="changed"):
        by_schema.undo("post_project_update", made, **given)


def test_what_was_not_posted_is_not_found(acme: Official, by_schema: Trial) -> None:
    acme.fails = (400, {}, {"errors": [{"message": "Entity not found: ProjectUpdate"}]})
    given = {"project": "Checkout", "body": "Done"}
    assert by_schema.settled("post_project_update", effect_id="toolu_1", **given) is None
    acme.fails = (400, {}, {"errors": [{"message": "Something else"}]})
    with pytest.raises(ToolError, match="Something else"):
        by_schema.settled("post_project_update", effect_id="toolu_1", **given)


def test_a_long_issue_is_read_in_parts_and_pages_go_on_with_a_cursor(
    acme: Official, by_schema: Trial
) -> None:
    acme.says["issue"] = ISSUE | {"description": "x" * 30_000}
    first = by_schema.run("get_issue", issue="WEB-1").text
    assert "go on with offset=20000" in first
    assert "offset=" not in by_schema.run("get_issue", issue="WEB-1", offset=20_000).text
    acme.says["issues"] = {"nodes": [ISSUE], "pageInfo": {"hasNextPage": True, "endCursor": "abc"}}
    assert 'cursor="abc"' in by_schema.run("list_issues").text
    by_schema.run("list_issues", cursor="abc")
    assert acme.asked[-1]["variables"]["after"] == "abc"


def test_nothing_found_is_said(acme: Official, by_schema: Trial) -> None:
    acme.says["issues"] = {"nodes": []}
    assert by_schema.run("list_issues").text == "No issues found."


@pytest.mark.parametrize(
    ("fails", "kind", "said"),
    [
        (
            (401, {}, {"errors": [{"message": "Authentication required"}]}),
            SignInNeeded,
            "refused the sign-in",
        ),
        (
            (400, {}, {"errors": [{"message": "x", "extensions": {"code": "AUTHENTICATION_ERROR"}}]}),
            SignInNeeded,
            "refused the sign-in",
        ),
        (
            (403, {}, {"errors": [{"message": "No", "extensions": {"code": "FORBIDDEN"}}]}),
            ToolError,
            "does not let this account do that: No. Ask whoever connected Linear",
        ),
        ((429, {"Retry-After": "7"}, {}), Unavailable, "takes no more calls"),
        (
            (400, {}, {"errors": [{"message": "Rate limit", "extensions": {"code": "RATELIMITED"}}]}),
            Unavailable,
            "takes no more calls",
        ),
        ((502, {}, "<html>"), Unavailable, "the error 502"),
        ((404, {}, {"no": "data"}), ToolError, "answered 404"),
        ((200, {}, "x" * 5_000_001), ToolError, "more than 5,000,000 bytes"),
    ],
)
def test_a_refusal_is_told_to_who_can_act_and_sent_once(
    acme: Official, by_schema: Trial, fails: Any, kind: type[Exception], said: str
) -> None:
    acme.fails = fails
    with pytest.raises(kind, match=said) as refused:
        by_schema.run("create_issue", team="WEB", title="x")
    assert len(acme.asked) == 1
    if isinstance(refused.value, Unavailable):
        assert refused.value.nothing_done is (fails[0] in (400, 429))
        assert refused.value.service == "Linear"


def test_a_create_whose_answer_is_lost_is_sent_once(acme: Official, by_schema: Trial) -> None:
    client = linear(by_schema.connection)
    acme.drops = True
    with pytest.raises(Unavailable) as lost:
        client.ask(documents.CREATE_ISSUE, input={"teamId": "t1"})
    assert not lost.value.nothing_done
    assert len(acme.asked) == 1


def test_a_typed_key_goes_as_it_is_and_a_token_as_a_bearers(acme: Official, by_schema: Trial) -> None:
    check(linear(by_schema.connection))
    assert acme.headers[-1]["Authorization"] == "lin_api_x"
    assert [item.id for item in discover(linear(by_schema.connection), "")] == ["WEB"]


@pytest.mark.parametrize("action", [one.name for one in plugin.actions if one.effect != "read"])
def test_a_call_that_comes_too_late_changes_nothing(acme: Official, by_schema: Trial, action: str) -> None:
    declared = next(one for one in plugin.actions if one.name == action)
    context = by_schema.context("toolu_1")
    context.halt.set()
    with pytest.raises(Halted):
        declared.function(context, **by_schema.arguments(action, **declared.example))
    assert not [one for one in acme.asked if "mutation" in one["query"]]
