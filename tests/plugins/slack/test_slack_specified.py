"""What `emulate` has not: search, by Slack's specification; canvases, by its recorded answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from bot.errors import ToolError
from bot.sdk import Audience, Per
from bot.sdk.trial import Trial
from plugins.slack import plugin
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism
from tests.plugins.slack.conftest import connected, of_team
from tests.plugins.slack.joined import joined

SPRINT = {"id": "C0000SPRINT", "name": "sprint", "is_private": False}
LEADS = {"id": "C00000LEADS", "name": "leads", "is_private": True}


def match(channel: dict[str, Any], text: str) -> dict[str, Any]:
    return {
        "type": "message",
        "channel": channel,
        "user": "U000000ANA",
        "username": "ana",
        "ts": "1732351200.000100",
        "text": text,
        "permalink": f"https://acme.slack.com/archives/{channel['id']}/p1732351200000100",
    }


def found(*matches: dict[str, Any], pages: int = 1) -> dict[str, Any]:
    paging = {"count": 20, "total": len(matches), "page": 1, "pages": pages}
    return {
        "ok": True,
        "query": "x",
        "messages": {"total": len(matches), "paging": paging, "matches": list(matches)},
    }


@pytest.fixture
def searching(specified: Prism, tmp_path: Path) -> Trial:
    return connected(f"{specified.url}/api", tmp_path, token="xoxp-ana")


def test_messages_are_found_with_author_place_and_link(specified: Prism, searching: Trial) -> None:
    specified.answer("POST", "/api/search.messages", found(match(SPRINT, "Ship <@U1> &amp; go"), pages=2))
    result = searching.run("search_messages", query="ship")
    assert (
        "2024-11-23 08:40 #sprint ana: Ship @U1 & go · https://acme.slack.com/archives/C0000SPRINT/"
        in result.text
    )
    assert 'cursor="2"' in result.text
    assert result.ids == ("C0000SPRINT",)
    call = specified.calls[-1]
    assert call.violations == []
    assert dict(parse_qsl(call.body)) == {"query": "ship", "count": "20", "page": "1", "sort": "timestamp"}
    searching.run("search_messages", query="ship", cursor="2")
    assert dict(parse_qsl(specified.calls[-1].body))["page"] == "2"


def test_what_is_private_is_found_by_ones_own_connection_only(specified: Prism, searching: Trial) -> None:
    both = found(match(SPRINT, "Public"), match(LEADS, "Salaries"))
    for _ in range(3):
        specified.answer("POST", "/api/search.messages", both)
    assert "Salaries" in searching.run("search_messages", query="x").text
    team = of_team(searching)
    assert "Salaries" not in team.run("search_messages", query="x").text
    within = searching.within("#leads*").run("search_messages", query="x").text
    assert within.endswith("Only what was granted is shown.")
    audience = next(one.audience for one in plugin.actions if one.name == "search_messages")
    assert callable(audience)
    assert audience(team.context(), query="x") is Audience.WORKSPACE
    assert audience(searching.context(), query="x") is Audience.REQUESTER


def test_a_single_granted_channel_is_in_the_search_itself(specified: Prism, searching: Trial) -> None:
    listed = {"ok": True, "channels": [SPRINT], "response_metadata": {"next_cursor": ""}}
    specified.answer("POST", "/api/conversations.list", listed)
    specified.answer("POST", "/api/search.messages", found(match(SPRINT, "Here")))
    assert "Here" in searching.within("#sprint").run("search_messages", query="x").text
    assert dict(parse_qsl(specified.calls[-1].body))["query"] == "x in:#sprint"


def test_without_a_persons_token_there_is_no_search(specified: Prism, tmp_path: Path) -> None:
    bot = connected(f"{specified.url}/api", tmp_path, per=Per.TEAM, token="xoxb-bot")
    with pytest.raises(ToolError, match="no user token"):
        bot.run("search_messages", query="x")
    assert specified.calls == []
    both = connected(f"{specified.url}/api", tmp_path, per=Per.TEAM, token="xoxb-bot", user_token="xoxp-ana")
    specified.answer("POST", "/api/search.messages", found())
    assert both.run("search_messages", query="x").text == "No messages found."
    assert specified.calls[-1].headers["authorization"] == "Bearer xoxp-ana"


@pytest.fixture
def canvases(emulate: Emulate, recorded: Prism, tmp_path: Path) -> Iterator[Trial]:
    """What is asked of canvases is answered as recorded, all else by `emulate`."""
    with joined(emulate.slack.url, {"/api/canvases.": recorded.url}) as url:
        yield connected(url, tmp_path, token=emulate.slack.token)


def uploaded(trial: Trial, tmp_path: Path) -> str:
    (tmp_path / "retro.html").write_text("<h1>Retro</h1>")
    return trial.run("upload_file", channel="#sprint", path="retro.html", title="Retro").ids[0]


def test_a_canvas_is_made_in_a_channel_as_its_card_says(canvases: Trial, recorded: Prism) -> None:
    given = {"channel": "#sprint", "title": "Retro 😀", "content": "- What went *well*"}
    card = canvases.preview("create_canvas", **given)
    assert card.startswith(
        "Make a canvas in #sprint in Slack: “Retro 😀”\nIn #sprint (public in the workspace):"
    )
    assert card.endswith("\n\nRetro 😀\n\n- What went *well*")
    made = canvases.run("create_canvas", **given)
    (call,) = recorded.calls
    assert call.violations == []
    assert (call.body["title"], call.body["channel_id"]) == (
        "Retro 😀",
        canvases.items("list_files", channel="#sprint")[0],
    )
    assert call.body["document_content"] == {"type": "markdown", "markdown": "- What went *well*"}
    assert made.receipt is not None
    assert made.receipt.where.endswith("/F00000000")
    assert made.receipt.undo == ""


def test_a_canvas_is_written_into_at_its_end_or_in_one_section(
    canvases: Trial, recorded: Prism, tmp_path: Path
) -> None:
    its_id = uploaded(canvases, tmp_path)
    card = canvases.preview("edit_canvas", canvas=its_id, content="New")
    assert card == f"Write into the canvas {its_id} in Slack\nIn “Retro”, at its end:\n\nNew"
    canvases.run("edit_canvas", canvas=its_id, content="New")
    document = {"type": "markdown", "markdown": "New"}
    assert recorded.calls[-1].body["changes"] == [
        {"operation": "insert_at_end", "document_content": document}
    ]
    recorded.answer("POST", "/api/canvases.sections.lookup", {"ok": True, "sections": [{"id": "temp:C:1"}]})
    assert "section with “Old”" in canvases.preview(
        "edit_canvas", canvas=its_id, content="New", instead_of="Old"
    )
    canvases.run("edit_canvas", canvas=its_id, content="New", instead_of="Old")
    lookup, edit = recorded.calls[-2:]
    assert json.loads(dict(parse_qsl(lookup.body))["criteria"]) == {"contains_text": "Old"}
    (change,) = edit.body["changes"]
    assert change == {"operation": "replace", "section_id": "temp:C:1", "document_content": document}
    assert [call.violations for call in recorded.calls if call.violations] == []


def test_words_that_no_section_or_several_have_change_nothing(
    canvases: Trial, recorded: Prism, tmp_path: Path
) -> None:
    its_id = uploaded(canvases, tmp_path)
    for sections in ([], [{"id": "a"}, {"id": "b"}]):
        recorded.answer("POST", "/api/canvases.sections.lookup", {"ok": True, "sections": sections})
        with pytest.raises(ToolError, match="give words that one has"):
            canvases.run("edit_canvas", canvas=its_id, content="New", instead_of="Old")
    assert not [call for call in recorded.calls if call.path.endswith("edit")]


@pytest.mark.parametrize("mention", ["Hi ![](@U0123456)", "![x]( #C0123456)"])
def test_a_canvas_calls_nobody(canvases: Trial, recorded: Prism, mention: str) -> None:
    with pytest.raises(ToolError, match="calls nobody"):
        canvases.run("create_canvas", channel="#sprint", title="x", content=mention)
    assert recorded.calls == []
