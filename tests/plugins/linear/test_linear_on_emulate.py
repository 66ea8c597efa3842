"""What the plugin reads and writes at Linear as `emulate` plays it: the answers, and what stands there afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import NotAllowed, ToolError
from bot.sdk.trial import Trial
from plugins.linear import check, discover, documents
from plugins.linear.client import linear
from plugins.linear.names import own_id
from tests.counterparts.emulate import Emulate


def asked(trial: Trial, document: str, **variables: Any) -> dict[str, Any]:
    return linear(trial.connection).ask(document, **variables)


def issue(trial: Trial, key: str) -> dict[str, Any]:
    found: dict[str, Any] = asked(trial, documents.ISSUE, id=key)["issue"]
    return found


def test_it_says_whose_key_it_is_and_which_teams_a_scope_can_name(trial: Trial) -> None:
    client = linear(trial.connection)
    assert check(client).account == "Ana Silva (Acme)"
    assert {item.id for item in discover(client, "")} >= {"WEB", "OPS"}
    assert [item.title for item in discover(client, "opera")] == ["Operations"]


def test_issues_are_listed_a_line_each_with_key_and_link(trial: Trial) -> None:
    listed = trial.run("list_issues")
    assert "WEB-1 Fix checkout · Todo · High · for Ben Okoye · Bug · Checkout" in listed.text
    assert "/issue/WEB-1" in listed.text
    assert {"WEB-1", "WEB-2", "OPS-1"} <= set(listed.ids)


def test_what_is_outside_of_the_scope_is_neither_listed_nor_read(trial: Trial) -> None:
    only_ops = trial.within("OP*")
    assert only_ops.run("list_issues").ids == ("OPS-1",)
    assert "more are outside of what was granted" in only_ops.run("list_issues").text
    assert only_ops.run("list_teams").ids == ("OPS",)
    assert "Bug" not in only_ops.run("list_labels").text
    for name, given in (
        ("get_issue", {"issue": "WEB-1"}),
        ("update_issue", {"issue": "WEB-1", "title": "x"}),
        ("add_comment", {"issue": "WEB-1", "body": "x"}),
        ("create_issue", {"team": "WEB", "title": "x"}),
        ("create_issue", {"team": "OPS/../WEB", "title": "x"}),
    ):
        with pytest.raises(NotAllowed):
            only_ops.run(name, **given)
    assert issue(trial, "WEB-1")["title"] == "Fix checkout"


def test_an_issue_is_read_whole_by_its_key_or_a_link_to_it(trial: Trial) -> None:
    by_key = trial.run("get_issue", issue="web-1").text
    assert by_key == trial.run("get_issue", issue="https://linear.app/acme/issue/WEB-1/fix-checkout").text
    assert "It fails" in by_key
    assert "1 comments:" in by_key
    assert "Ana Silva" in by_key
    assert "Seen twice this week" in by_key


def test_a_missing_issue_is_said_to_be_missing(trial: Trial) -> None:
    with pytest.raises(ToolError, match="no issue WEB-99"):
        trial.run("get_issue", issue="WEB-99")


def test_labels_and_teams_are_listed(trial: Trial) -> None:
    assert "WEB: Web" in trial.run("list_teams").text
    assert "Bug · of team WEB" in trial.run("list_labels").text


def test_an_issue_is_opened_with_all_that_its_card_showed_and_taken_back(trial: Trial) -> None:
    given: dict[str, Any] = {
        "team": "WEB",
        "title": "Größe der Schrift 😀",
        "description": "Viel zu *klein*",
        "fields": {
            "state": "in progress",
            "priority": "urgent",
            "assignee": "ben@example.com",
            "labels": ["bug"],
            "project": "Checkout",
            "cycle": "7",
            "due": "2026-12-24",
        },
    }
    card = trial.preview("create_issue", **given)
    assert card.startswith("Open an issue in Linear's team WEB: “Größe der Schrift 😀”")
    assert "Assignee: ben@example.com" in card
    assert card.endswith("Viel zu *klein*")
    made = trial.run("create_issue", **given)
    (key,) = made.ids
    stands = issue(trial, key)
    assert (stands["title"], stands["description"]) == ("Größe der Schrift 😀", "Viel zu *klein*")
    assert (stands["state"]["name"], stands["priority"]) == ("In Progress", 1)
    assert (stands["assignee"]["name"], stands["project"]["name"]) == ("Ben Okoye", "Checkout")
    assert (stands["cycle"]["number"], stands["dueDate"]) == (7, "2026-12-24")
    assert [one["name"] for one in stands["labels"]["nodes"]] == ["Bug"]
    assert made.receipt is not None
    assert made.receipt.where == stands["url"]
    trial.undo("create_issue", made, **given)
    with pytest.raises(ToolError, match="no issue"):
        trial.run("get_issue", issue=key)


def test_an_issue_that_somebody_changed_since_is_not_taken_back(trial: Trial) -> None:
    made = trial.run("create_issue", team="WEB", title="New")
    trial.run("update_issue", issue=made.ids[0], title="Newer")
    with pytest.raises(ToolError, match="changed since"):
        trial.undo("create_issue", made, team="WEB", title="New")
    assert issue(trial, made.ids[0])["title"] == "Newer"


def test_a_change_shows_what_stands_there_and_is_taken_back(trial: Trial) -> None:
    given: dict[str, Any] = {
        "issue": "WEB-1",
        "description": "It works",
        "fields": {"state": "Done", "assignee": "none", "labels": [], "project": "none", "cycle": "none"},
    }
    card = trial.preview("update_issue", **given)
    assert "Description: It fails → It works" in card
    assert "State: Todo → Done" in card
    assert "Assignee: ben@example.com → none" in card
    made = trial.run("update_issue", **given)
    stands = issue(trial, "WEB-1")
    assert (stands["state"]["name"], stands["description"]) == ("Done", "It works")
    assert (stands["assignee"], stands["project"], stands["cycle"]) == (None, None, None)
    trial.undo("update_issue", made, **given)
    back = issue(trial, "WEB-1")
    assert (back["state"]["name"], back["description"]) == ("Todo", "It fails")
    assert (back["assignee"]["name"], back["project"]["name"]) == ("Ben Okoye", "Checkout")
    assert [one["name"] for one in back["labels"]["nodes"]] == ["Bug"]
    assert back["cycle"]["number"] == 7


def test_a_change_that_was_changed_again_is_not_taken_back(trial: Trial) -> None:
    made = trial.run("update_issue", issue="WEB-1", title="First")
    trial.run("update_issue", issue="WEB-1", title="Second")
    with pytest.raises(ToolError, match="changed since"):
        trial.undo("update_issue", made, issue="WEB-1", title="First")
    assert issue(trial, "WEB-1")["title"] == "Second"


def test_after_a_crash_a_change_is_known_by_how_the_issue_stands(trial: Trial) -> None:
    given: dict[str, Any] = {"issue": "WEB-2", "fields": {"state": "Done", "labels": ["Bug", "Feature"]}}
    assert trial.settled("update_issue", effect_id="toolu_1", **given) is None
    trial.run("update_issue", **given)
    found = trial.settled("update_issue", effect_id="toolu_1", **given)
    assert found is not None
    assert json.loads(found.receipt.after if found.receipt else "")["state"] == "Done"


def test_a_comment_is_written_and_taken_back(trial: Trial) -> None:
    given = {"issue": "WEB-2", "body": "Done, see **here**"}
    assert trial.preview("add_comment", **given) == "Comment on WEB-2 in Linear\nDone, see **here**"
    made = trial.run("add_comment", **given)
    assert "Done, see **here**" in trial.run("get_issue", issue="WEB-2").text
    trial.undo("add_comment", made, **given)
    assert "No comments." in trial.run("get_issue", issue="WEB-2").text


def test_a_comment_that_was_edited_since_is_not_taken_back(trial: Trial) -> None:
    given = {"issue": "WEB-2", "body": "Done"}
    made = trial.run("add_comment", **given)
    comment = (made.receipt.where if made.receipt else "").rpartition("#")[2]
    edit = 'mutation Edit($id: String!) { commentUpdate(id: $id, input: {body: "Not done"}) { success } }'
    asked(trial, edit, id=comment)
    with pytest.raises(ToolError, match="changed or deleted since"):
        trial.undo("add_comment", made, **given)
    assert "Not done" in trial.run("get_issue", issue="WEB-2").text


def test_after_a_crash_what_was_created_is_found_under_its_own_id(trial: Trial, emulate: Emulate) -> None:
    given = {"team": "OPS", "title": "Rotate"}
    assert trial.settled("create_issue", effect_id="toolu_2", **given) is None
    assert trial.settled("add_comment", effect_id="toolu_3", issue="OPS-1", body="Hi") is None
    team = issue(trial, "OPS-1")
    row = {"number": 9, "identifier": "OPS-9", "title": "Rotate", "url": "https://linear.app/OPS-9"}
    emulate.insert(
        "linear",
        "issues",
        **row,
        linear_id=own_id("toolu_2"),
        team_id=team["team"]["id"],
        state_id=team["state"]["id"],
        label_ids=[],
        priority=0,
    )
    emulate.insert("linear", "comments", linear_id=own_id("toolu_3"), issue_id=team["id"], body="Hi")
    found = trial.settled("create_issue", effect_id="toolu_2", **given)
    assert found is not None
    assert found.ids == ("OPS-9",)
    assert trial.settled("create_issue", effect_id="toolu_4", **given) is None
    assert trial.settled("add_comment", effect_id="toolu_3", issue="OPS-1", body="Hi") is not None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "Nowhere"}, "no state called 'Nowhere'.*Backlog, Todo"),
        ({"assignee": "zoe"}, "no person called 'zoe'"),
        ({"labels": ["Bug", "Blue"]}, "no label called 'Blue'"),
        ({"project": "Moon"}, "no project called 'Moon'"),
        ({"cycle": "99"}, "no cycle called '99'"),
    ],
)
def test_a_name_that_linear_does_not_know_is_refused_with_those_it_knows(
    trial: Trial, fields: dict[str, Any], said: str
) -> None:
    before = trial.run("list_issues")
    with pytest.raises(ToolError, match=said):
        trial.run("create_issue", team="WEB", title="x", fields=fields)
    assert trial.run("list_issues") == before


def test_a_key_that_may_only_read_is_told_what_it_may_not(trial: Trial, emulate: Emulate) -> None:
    reads_only = replace(trial.connection, secrets={"token": emulate.linear.other_token})
    reader = replace(trial, connection=reads_only)
    assert "WEB-1" in reader.run("list_issues").ids
    with pytest.raises(ToolError, match=r"does not let this account do that.*Ask whoever connected Linear"):
        reader.run("create_issue", team="WEB", title="x")
