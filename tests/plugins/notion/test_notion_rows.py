"""What the plugin reads and writes of Notion's databases, each request and answer as Notion's own types have them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.errors import NotAllowed, ToolError
from bot.sdk.trial import Trial
from tests.plugins.notion.world import (
    USER,
    World,
    database,
    in_source,
    its_id,
    page,
    rich,
    rows,
    source,
    titled,
    under,
)

HOME, TASKS, SOURCE, ROW = 1, 2, 3, 4
ANA = {
    **USER,
    "type": "person",
    "name": "Ana Silva",
    "avatar_url": None,
    "person": {"email": "ana@example.com"},
}


def config(name: str, kind: str, **held: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "description": None, "type": kind, kind: held}


def option(name: str) -> dict[str, Any]:
    return {"id": name, "name": name, "color": "default", "description": None}


SCHEMA = {
    "Name": config("Name", "title"),
    "Status": config("Status", "status", options=[option("Todo"), option("Done")], groups=[]),
    "Size": config("Size", "select", options=[option("S"), option("L")]),
    "Tags": config("Tags", "multi_select", options=[option("a"), option("b")]),
    "Points": config("Points", "number", format="number"),
    "Due": config("Due", "date"),
    "Owner": config("Owner", "people"),
    "Urgent": config("Urgent", "checkbox"),
    "Link": config("Link", "url"),
    "About": config("About", "rich_text"),
    "Made": config("Made", "created_time"),
}


def chosen(name: str) -> dict[str, Any]:
    return {"id": name, "name": name, "color": "default"}


def held(kind: str, value: Any) -> dict[str, Any]:
    return {"id": kind, "type": kind, kind: value}


def row(title: str = "Ship it", status: str = "Todo", **more: Any) -> dict[str, Any]:
    properties = titled(title) | {
        "Name": titled(title)["title"],
        "Status": held("status", chosen(status)),
        "Tags": held("multi_select", [chosen("a")]),
        "Points": held("number", 3),
        "Due": held("date", {"start": "2026-12-01", "end": None, "time_zone": None}),
        "Owner": held("people", [ANA]),
        "Urgent": held("checkbox", False),
        "About": held("rich_text", rich("plain")),
        "Link": held("url", None),
        "Size": held("select", None),
    }
    del properties["title"]
    return page(ROW, title, in_source(SOURCE, TASKS), properties | more)


@pytest.fixture
def tasks(world: World) -> World:
    world.has(database(TASKS, SOURCE, parent=under(HOME)), source(SOURCE, TASKS, SCHEMA), page(HOME), row())
    return world


def people(world: World) -> None:
    found = {
        "type": "user",
        "user": {},
        "object": "list",
        "next_cursor": None,
        "has_more": False,
        "results": [ANA],
    }
    world.answers("GET", "users", found)


def test_rows_are_listed_with_what_the_database_holds(tasks: World, trial: Trial) -> None:
    tasks.answers("POST", f"data_sources/{its_id(SOURCE)}/query", rows(row(), cursor="more"))
    text = trial.run("query_database", database=its_id(TASKS), sort_by="-Points").text
    assert text.startswith("Tasks has: Name (title); Status (status: Todo, Done); Size (select: S, L)")
    assert (
        "Ship it · Status: Todo · Tags: a · Points: 3 · Due: 2026-12-01 · Owner: ana@example.com · Urgent: no"
        in text
    )
    assert 'cursor="more"' in text
    assert tasks.asked("/query") == {
        "page_size": 20,
        "sorts": [{"property": "Points", "direction": "descending"}],
    }


def test_filters_are_notions_own(tasks: World, trial: Trial) -> None:
    people(tasks)
    tasks.answers("POST", f"data_sources/{its_id(SOURCE)}/query", rows())
    where = [
        {"property": "Status", "test": "equals", "value": "Done"},
        {"property": "Points", "test": "greater_than", "value": 2},
        {"property": "Urgent", "test": "equals", "value": "yes"},
        {"property": "Due", "test": "on_or_before", "value": "2026-12-01"},
        {"property": "Owner", "test": "contains", "value": "ana@example.com"},
        {"property": "Link", "test": "is_empty"},
        {"property": "Name", "test": "contains", "value": "ship"},
    ]
    assert (
        trial.run("query_database", database=its_id(TASKS), where=where, cursor="x").text == "No rows found."
    )
    assert tasks.asked("/query")["filter"]["and"] == [
        {"property": "Status", "status": {"equals": "Done"}},
        {"property": "Points", "number": {"greater_than": 2}},
        {"property": "Urgent", "checkbox": {"equals": True}},
        {"property": "Due", "date": {"on_or_before": "2026-12-01"}},
        {"property": "Owner", "people": {"contains": USER["id"]}},
        {"property": "Link", "url": {"is_empty": True}},
        {"property": "Name", "title": {"contains": "ship"}},
    ]
    assert [call.violations for call in tasks.prism.calls if call.violations] == []


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"property": "Colour", "test": "is_empty"}, "no property 'Colour'.*Name, Status"),
        ({"property": "Points", "test": "equals", "value": "many"}, "Points is a number"),
    ],
)
def test_a_wrong_filter_is_refused(tasks: World, trial: Trial, where: dict[str, Any], said: str) -> None:
    with pytest.raises(ToolError, match=said):
        trial.run("query_database", database=its_id(TASKS), where=[where])


def test_a_database_of_several_sources_asks_for_one(world: World, trial: Trial) -> None:
    world.has(database(TASKS, 5, 6))
    with pytest.raises(ToolError, match=f"2 data sources.*Tasks 5 {its_id(5)}"):
        trial.run("query_database", database=its_id(TASKS))


def test_the_id_of_a_source_is_as_good_as_that_of_its_database(world: World, trial: Trial) -> None:
    gone = {
        "object": "error",
        "status": 404,
        "code": "object_not_found",
        "message": "Could not find database",
    }
    for _ in range(2):
        world.prism.answer("GET", f"/v1/databases/{its_id(SOURCE)}", gone, code=404)
    world.has(source(SOURCE, TASKS, SCHEMA))
    world.answers("POST", f"data_sources/{its_id(SOURCE)}/query", rows(row()))
    assert "Ship it" in trial.run("query_database", database=its_id(SOURCE)).text


def test_a_database_is_granted_by_what_it_lies_in_and_only_then(tasks: World, trial: Trial) -> None:
    tasks.answers("POST", f"data_sources/{its_id(SOURCE)}/query", rows(row()))
    for patterns in (its_id(HOME), its_id(TASKS), its_id(SOURCE)):
        assert trial.within(patterns).items("query_database", database=its_id(TASKS)) == (patterns,)
    assert "Ship it" in trial.within(its_id(HOME)).run("query_database", database=its_id(TASKS)).text
    elsewhere = trial.within(its_id(9))
    with pytest.raises(NotAllowed):
        elsewhere.run("add_database_row", database=its_id(TASKS), properties={"Name": "x"})
    with pytest.raises(NotAllowed):
        elsewhere.run("update_database_row", page=its_id(ROW), properties={"Name": "x"})
    assert tasks.writes == []


def test_a_row_is_added_with_each_kind_of_property(tasks: World, trial: Trial) -> None:
    people(tasks)
    given: dict[str, Any] = {
        "database": its_id(TASKS),
        "properties": {
            "Name": "Écrire 😀",
            "Status": "done",
            "Size": "L",
            "Tags": ["b", "A"],
            "Points": 2.5,
            "Due": "2026-12-01/2026-12-03",
            "Owner": "Ana Silva",
            "Urgent": True,
            "Link": "https://example.com",
            "About": "Words",
        },
        "content": "# Why",
    }
    card = trial.preview("add_database_row", **given)
    assert card.startswith(f"Add a row to the database {its_id(TASKS)} in Notion\nDatabase: “Tasks” ")
    assert "\nName: Écrire 😀\nStatus: done" in card
    assert "Tags: b, A\nPoints: 2.5" in card
    tasks.answers("POST", "pages", row())
    done = trial.run("add_database_row", **given)
    (sent,) = tasks.writes
    assert sent.body["parent"] == {"data_source_id": its_id(SOURCE)}
    assert sent.body["markdown"] == "# Why"
    assert sent.body["properties"] == {
        "Name": {"title": [{"type": "text", "text": {"content": "Écrire 😀"}}]},
        "Status": {"status": {"name": "Done"}},
        "Size": {"select": {"name": "L"}},
        "Tags": {"multi_select": [{"name": "b"}, {"name": "a"}]},
        "Points": {"number": 2.5},
        "Due": {"date": {"start": "2026-12-01", "end": "2026-12-03"}},
        "Owner": {"people": [{"id": USER["id"]}]},
        "Urgent": {"checkbox": True},
        "Link": {"url": "https://example.com"},
        "About": {"rich_text": [{"type": "text", "text": {"content": "Words"}}]},
    }
    assert done.text.startswith("Added row “Écrire 😀”: https://www.notion.so/")
    trial.undo("add_database_row", done, **given)
    assert tasks.writes[-1].body == {"in_trash": True}


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"Colour": "red"}, r"no property 'Colour'. It has: Name \(title\)"),
        ({"Status": "Later"}, "Status cannot be 'Later'. It can be: Todo, Done"),
        ({"Tags": ["a", "c"]}, "Tags cannot be 'c'"),
        ({"Points": "many"}, "Points is a number"),
        ({"Made": "2026-12-01"}, "works out 'Made'"),
        ({"Owner": "Zoe"}, "Notion knows no 'Zoe'. There are: Ana Silva"),
    ],
)
def test_what_a_property_cannot_be_is_refused_before_it_is_sent(
    tasks: World, trial: Trial, properties: dict[str, Any], said: str
) -> None:
    people(tasks)
    with pytest.raises(ToolError, match=said):
        trial.run("add_database_row", database=its_id(TASKS), properties=properties)
    assert tasks.writes == []


def test_a_row_is_changed_as_its_card_says_and_changed_back(world: World, trial: Trial) -> None:
    given: dict[str, Any] = {
        "page": its_id(ROW),
        "properties": {"Status": "Done", "Tags": [], "Due": None, "Points": 5, "Link": "https://a.example"},
    }
    world.has(source(SOURCE, TASKS, SCHEMA))
    world.has(row(), times=3)
    card = trial.preview("update_database_row", **given)
    assert card.startswith(f"Change the row {its_id(ROW)} in Notion\nRow: “Ship it” https://www.notion.so/")
    assert "\nStatus: Todo → Done\nTags: a → none" in card
    assert "Due: 2026-12-01 → none" in card
    after = row(
        status="Done", Tags=held("multi_select", []), Due=held("date", None), Points=held("number", 5)
    )
    after["properties"]["Link"] = held("url", "https://a.example")
    world.answers("PATCH", f"pages/{its_id(ROW)}", after)
    done = trial.run("update_database_row", **given)
    assert done.receipt is not None
    assert json.loads(done.receipt.before) == {
        "Status": "Todo",
        "Tags": ["a"],
        "Due": "2026-12-01",
        "Points": 3,
        "Link": None,
    }
    with pytest.raises(ToolError, match="changed since"):
        trial.undo("update_database_row", done, **given)
    world.has(after, times=1)
    trial.undo("update_database_row", done, **given)
    assert world.writes[-1].body["properties"] == {
        "Status": {"status": {"name": "Todo"}},
        "Tags": {"multi_select": [{"name": "a"}]},
        "Due": {"date": {"start": "2026-12-01", "end": None}},
        "Points": {"number": 3},
        "Link": {"url": None},
    }


def test_a_text_whose_format_would_be_lost_cannot_be_changed_back(tasks: World, trial: Trial) -> None:
    tasks.prism.reset()
    tasks.has(source(SOURCE, TASKS, SCHEMA), row(About=held("rich_text", rich("bold", bold=True))))
    tasks.answers("PATCH", f"pages/{its_id(ROW)}", row())
    done = trial.run("update_database_row", page=its_id(ROW), properties={"About": "plain"})
    assert done.receipt is not None
    assert done.receipt.undo == ""


def test_after_a_crash_a_change_is_known_by_what_the_row_holds(tasks: World, trial: Trial) -> None:
    def looked_up(**properties: Any) -> bool:
        people(tasks)
        given: dict[str, Any] = {"page": its_id(ROW), "properties": properties}
        return trial.settled("update_database_row", effect_id="toolu_1", **given) is not None

    assert looked_up(
        Status="todo", Tags=["a"], Points=3, Due="2026-12-01", Owner=["ana@example.com"], Urgent="no"
    )
    assert not looked_up(Status="Done")
    assert not looked_up(Name="Another")


def test_a_page_that_is_no_row_has_no_properties_to_set(world: World, trial: Trial) -> None:
    world.has(page(ROW))
    with pytest.raises(ToolError, match="no row of a database"):
        trial.run("update_database_row", page=its_id(ROW), properties={"Status": "Done"})
