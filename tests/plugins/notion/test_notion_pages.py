"""What the plugin reads and writes of Notion's pages, each request and answer as Notion's own types have them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import Halted, NotAllowed, ToolError
from bot.sdk.trial import Trial
from plugins.notion import check, discover
from plugins.notion.client import Notion
from plugins.notion.places import plain_id
from tests.plugins.notion.world import USER, World, its_id, markdown, page, rich, rows, source, titled, under

HOME, TEAM, NOTES, OTHER = 1, 2, 3, 4


@pytest.fixture
def wiki(world: World) -> World:
    """Home holds Team, and Team holds Notes; Other lies beside Home."""
    world.has(
        page(HOME), page(TEAM, "Team", under(HOME)), page(NOTES, "Notes", under(TEAM)), page(OTHER, "Other")
    )
    world.has(markdown(NOTES, "# Agenda\n\nMonday ☀️"))
    return world


def test_it_says_which_connection_it_is_and_what_a_scope_can_name(wiki: World, trial: Trial) -> None:
    me: dict[str, Any] = USER | {"type": "bot", "name": "Cowork", "avatar_url": None}
    limits = {"max_file_upload_size_in_bytes": 1}
    bot = {"owner": {"type": "workspace", "workspace": True}, "workspace_id": "w", "workspace_limits": limits}
    wiki.answers("GET", "users/me", me | {"bot": bot | {"workspace_name": "Acme"}})
    client = Notion(trial.connection)
    assert check(client).account == "Cowork in Acme"
    wiki.answers("POST", "search", rows(page(HOME), source(9, 8, {})))
    assert [(item.title, item.about) for item in discover(client, "")] == [
        ("Home", "page and all below it"),
        ("Tasks", "database"),
    ]


def test_a_search_gives_a_line_each_with_id_and_link(wiki: World, trial: Trial) -> None:
    wiki.answers("POST", "search", rows(page(HOME), source(9, 8, {}), cursor="abc"))
    found = trial.run("search_pages", query="o", kind="any")
    assert f"page Home · id {its_id(HOME)} · changed 2026-11-20 · https://www.notion.so/Home-" in found.text
    assert "database Tasks" in found.text
    assert 'More with cursor="abc".' in found.text
    assert found.ids == (its_id(HOME), its_id(9))
    wiki.answers("POST", "search", rows())
    assert (
        trial.run("search_pages", query="zzz", kind="database", cursor="abc").text
        == "No pages and databases found."
    )
    assert wiki.asked("/search") == {
        "query": "zzz",
        "page_size": 20,
        "start_cursor": "abc",
        "filter": {"property": "object", "value": "data_source"},
    }


def test_what_lies_in_a_granted_page_is_found_and_nothing_else(wiki: World, trial: Trial) -> None:
    wiki.answers("POST", "search", rows(page(NOTES, "Notes", under(TEAM)), page(OTHER, "Other")))
    found = trial.within(its_id(HOME)).run("search_pages", query="o")
    assert found.ids == (its_id(NOTES),)
    assert "Other" not in found.text
    assert found.text.endswith("Only what was granted is shown.")


def test_a_page_is_read_when_one_that_it_lies_in_was_granted(wiki: World, trial: Trial) -> None:
    assert "Monday" in trial.within(its_id(HOME)).run("read_page", page=its_id(NOTES)).text
    assert trial.within(its_id(HOME)).items("read_page", page=its_id(NOTES)) == (its_id(HOME),)


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("read_page", {}),
        ("update_page", {"title": "x"}),
        ("append_blocks", {"content": "x"}),
        ("add_comment", {"body": "x"}),
    ],
)
def test_a_page_beside_what_was_granted_is_not_touched(
    wiki: World, trial: Trial, action: str, given: dict[str, Any]
) -> None:
    with pytest.raises(NotAllowed, match=its_id(OTHER)):
        trial.within(its_id(HOME)).run(action, page=its_id(OTHER), **given)
    with pytest.raises(NotAllowed):
        trial.within(its_id(HOME)).run("create_page", parent=its_id(OTHER), title="x")
    assert wiki.writes == []


@pytest.mark.parametrize(
    "text",
    [
        "../users/me",
        "Home",
        "",
        "%2e%2e%2fusers",
        f"{its_id(1)}%2F..",
        "1234",
    ],
)
def test_what_is_no_id_is_refused_before_anything_is_asked(wiki: World, trial: Trial, text: str) -> None:
    with pytest.raises(ToolError, match="no id or link"):
        trial.run("read_page", page=text)
    assert wiki.prism.calls == []


def test_an_id_is_taken_from_a_link(wiki: World, trial: Trial) -> None:
    bare = its_id(NOTES).replace("-", "")
    for link in (bare, f"https://www.notion.so/acme/Notes-{bare}?pvs=4", f"https://www.notion.so/{bare}#abc"):
        assert plain_id(link) == its_id(NOTES)


def test_a_page_is_read_as_markdown_with_its_properties_and_in_parts(wiki: World, trial: Trial) -> None:
    text = trial.run("read_page", page=its_id(NOTES)).text
    assert text.startswith("# Notes\nhttps://www.notion.so/Notes-")
    assert text.endswith("# Agenda\n\nMonday ☀️")
    properties = titled("Row") | {"Points": {"id": "p", "type": "number", "number": 3}}
    wiki.has(page(7, "Row", properties=properties), markdown(7, "x" * 30_000, truncated=True))
    first = trial.run("read_page", page=its_id(7)).text
    assert "Points: 3" in first
    assert "go on with offset=20000" in first
    assert "Notion left parts out" in trial.run("read_page", page=its_id(7), offset=20_000).text


def test_a_page_is_made_as_its_card_says_and_moved_to_the_bin_again(wiki: World, trial: Trial) -> None:
    given = {"parent": its_id(TEAM), "title": "Größe 😀" + "x" * 2_500, "content": "- **Ana**"}
    card = trial.preview("create_page", **given)
    assert card.startswith(f"Make a page in Notion under {its_id(TEAM)}: “Größe 😀")
    assert "Under: “Team” https://www.notion.so/Team-" in card
    assert card.endswith(f"Title: {given['title']}\n\n- **Ana**")
    wiki.answers("POST", "pages", page(NOTES, "Notes"))
    made = trial.run("create_page", **given)
    (sent,) = wiki.writes
    assert sent.body["parent"] == {"page_id": its_id(TEAM)}
    assert sent.body["markdown"] == "- **Ana**"
    assert (
        "".join(one["text"]["content"] for one in sent.body["properties"]["title"]["title"]) == given["title"]
    )
    assert made.receipt is not None
    assert made.receipt.undo == "Move it to the bin"
    wiki.answers("PATCH", f"pages/{its_id(NOTES)}", page(NOTES))
    trial.undo("create_page", made, **given)
    assert wiki.writes[-1].body == {"in_trash": True}


def test_a_page_that_somebody_changed_since_is_not_moved_to_the_bin(world: World, trial: Trial) -> None:
    world.answers("POST", "pages", page(NOTES, "Made"))
    made = trial.run("create_page", parent=its_id(TEAM), title="Made")
    world.has(page(NOTES, "Made", last_edited_time="2026-11-23T10:00:00.000Z"))
    with pytest.raises(ToolError, match="changed since"):
        trial.undo("create_page", made, parent=its_id(TEAM), title="Made")
    assert len(world.writes) == 1


def test_pieces_of_a_page_are_replaced_and_written_back(wiki: World, trial: Trial) -> None:
    given: dict[str, Any] = {"page": its_id(NOTES), "edits": [{"old": "Monday", "new": "Tuesday"}]}
    card = trial.preview("update_page", **given)
    assert card.startswith(f"Change the page {its_id(NOTES)} in Notion\nPage: “Notes” https://www.notion.so/")
    assert "Instead of:\nMonday\nit says:\nTuesday" in card
    wiki.answers("PATCH", f"pages/{its_id(NOTES)}/markdown", markdown(NOTES, "# Agenda\n\nTuesday ☀️"))
    done = trial.run("update_page", **given)
    (sent,) = wiki.writes
    updates = [{"old_str": "Monday", "new_str": "Tuesday"}]
    assert sent.body == {"type": "update_content", "update_content": {"content_updates": updates}}
    assert done.receipt is not None
    assert done.receipt.undo == "Write it back"
    with pytest.raises(ToolError, match="changed since"):
        trial.undo("update_page", done, **given)


def test_a_whole_text_and_a_title_are_changed_and_written_back(world: World, trial: Trial) -> None:
    given: dict[str, Any] = {"page": its_id(NOTES), "title": "New", "content": "Other"}
    world.has(page(NOTES, "Notes"), markdown(NOTES, "Before\nthis"), times=1)
    world.answers("PATCH", f"pages/{its_id(NOTES)}/markdown", markdown(NOTES, "Other"))
    world.answers("PATCH", f"pages/{its_id(NOTES)}", page(NOTES, "New"))
    done = trial.run("update_page", **given)
    assert [call.body for call in world.writes] == [
        {"type": "replace_content", "replace_content": {"new_str": "Other"}},
        {"properties": {"title": {"title": [{"type": "text", "text": {"content": "New"}}]}}},
    ]
    world.has(page(NOTES, "New"), markdown(NOTES, "Other"), times=1)
    trial.undo("update_page", done, **given)
    assert [call.body for call in world.writes[2:]] == [
        {"type": "replace_content", "replace_content": {"new_str": "Before\nthis"}},
        {"properties": {"title": {"title": [{"type": "text", "text": {"content": "Notes"}}]}}},
    ]


def test_a_whole_new_text_is_shown_beside_the_old(wiki: World, trial: Trial) -> None:
    card = trial.preview("update_page", page=its_id(NOTES), title="Plan", content="New text")
    assert "Its title becomes: Plan" in card
    assert "becomes:\nNew text" in card
    assert "It is now:\n# Agenda" in card


def test_a_page_of_which_parts_are_unknown_cannot_be_written_back(world: World, trial: Trial) -> None:
    world.has(page(NOTES, "Notes"), markdown(NOTES, "x", unknown_block_ids=[its_id(5)]))
    done = trial.run("append_blocks", page=its_id(NOTES), content="More")
    assert done.receipt is not None
    assert done.receipt.undo == ""


def test_what_is_appended_stands_at_the_end(wiki: World, trial: Trial) -> None:
    given = {"page": its_id(NOTES), "content": "## Decisions"}
    card = trial.preview("append_blocks", **given)
    assert card.startswith(f"Write at the end of the page {its_id(NOTES)} in Notion\nPage: “Notes” ")
    assert card.endswith("\n\n## Decisions")
    trial.run("append_blocks", **given)
    (sent,) = wiki.writes
    end = {"content": "## Decisions", "position": {"type": "end"}}
    assert sent.body == {"type": "insert_content", "insert_content": end}


@pytest.mark.parametrize("given", [{}, {"content": "a", "edits": [{"old": "a", "new": "b"}]}])
def test_a_change_says_one_thing(wiki: World, trial: Trial, given: dict[str, Any]) -> None:
    with pytest.raises(ToolError, match="Give a title"):
        trial.run("update_page", page=its_id(NOTES), **given)
    assert wiki.writes == []


def test_after_a_crash_a_title_is_looked_at_and_a_text_is_put_to_a_person(wiki: World, trial: Trial) -> None:
    found = trial.settled("update_page", effect_id="toolu_1", page=its_id(NOTES), title="Notes")
    assert found is not None
    assert trial.settled("update_page", effect_id="toolu_1", page=its_id(NOTES), title="Other") is None
    with pytest.raises(ToolError, match="cannot be told"):
        trial.settled("update_page", effect_id="toolu_1", page=its_id(NOTES), content="x")


def test_a_comment_is_written_and_deleted(wiki: World, trial: Trial) -> None:
    given = {"page": its_id(NOTES), "body": "Looks **good** 👍"}
    card = trial.preview("add_comment", **given)
    assert card.startswith(f"Comment on the page {its_id(NOTES)} in Notion\nPage: “Notes” ")
    assert card.endswith("\n\nLooks **good** 👍")
    wiki.answers("POST", "comments", {"object": "comment", "id": its_id(6)})
    done = trial.run("add_comment", **given)
    assert wiki.writes[-1].body == {"parent": {"page_id": its_id(NOTES)}, "markdown": "Looks **good** 👍"}
    trial.undo("add_comment", done, **given)
    assert (wiki.writes[-1].method, wiki.writes[-1].path) == ("DELETE", f"/v1/comments/{its_id(6)}")


def test_a_title_in_pieces_is_one_title(wiki: World, trial: Trial) -> None:
    pieces = {"title": {"id": "title", "type": "title", "title": rich("Two ") + rich("pieces", bold=True)}}
    wiki.answers("POST", "search", rows(page(HOME, properties=pieces)))
    assert "page Two pieces" in trial.run("search_pages").text


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("create_page", {"parent": its_id(TEAM), "title": "x"}),
        ("update_page", {"page": its_id(NOTES), "content": "x", "title": "y"}),
        ("append_blocks", {"page": its_id(NOTES), "content": "x"}),
        ("add_comment", {"page": its_id(NOTES), "body": "x"}),
    ],
)
def test_a_call_that_comes_too_late_changes_nothing(
    wiki: World, trial: Trial, action: str, given: dict[str, Any]
) -> None:
    declared = next(one for one in trial.plugin.actions if one.name == action)
    context = trial.context("toolu_1")
    context.halt.set()
    with pytest.raises(Halted):
        declared.function(context, **trial.arguments(action, **given))
    assert wiki.writes == []
