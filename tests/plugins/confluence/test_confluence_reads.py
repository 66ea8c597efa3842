"""Reading Confluence: what is asked by its specification, what comes back, and nothing from outside of the scope."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.sdk import ToolError
from bot.sdk.trial import Trial
from plugins.confluence import plugin
from tests.plugins.confluence.conftest import SITE, V1, V2, Confluence

READS = [one.name for one in plugin.actions if one.effect == "read"]
LINK = f"{SITE}/wiki/spaces/ENG/pages/98310"
NEXT = {"next": "/wiki/api/v2/x?limit=20&cursor=eyJpZCI6IjEifQ%3D%3D"}


@pytest.mark.parametrize("name", READS)
def test_every_reading_is_a_request_that_the_specification_knows(
    name: str, trial: Trial, confluence: Confluence
) -> None:
    confluence.has(times=4)
    example = next(one.example for one in plugin.actions if one.name == name)
    assert trial.run(name, **example).text
    assert trial.preview(name, **example)
    assert [call.violations for call in confluence.calls if call.violations] == []
    assert {call.status for call in confluence.calls} == {200}


@pytest.mark.parametrize("name", [name for name in READS if name not in ("search_pages", "list_spaces")])
def test_no_page_outside_of_the_scope_is_read(name: str, trial: Trial, confluence: Confluence) -> None:
    confluence.has(space="8")
    with pytest.raises(NotAllowed, match="HR is outside"):
        trial.within("ENG").run(name, page="98310")
    assert len(confluence.calls) == 2


def found(number: str, space: str, title: str, **content: Any) -> dict[str, Any]:
    return {
        "title": title,
        "url": f"/spaces/{space}/pages/{number}/x",
        "content": {
            "id": number,
            "type": "page",
            "status": "current",
            "title": title,
            "_links": {},
            **content,
        },
        "lastModified": "2026-11-20T08:15:00.000Z",
        "excerpt": "",
        "breadcrumbs": [],
        "entityType": "content",
        "iconCssClass": "",
    }


def answered(*rows: dict[str, Any], links: dict[str, str] | None = None) -> dict[str, Any]:
    numbers = {"start": 0, "limit": 20, "size": len(rows), "totalSize": len(rows), "searchDuration": 1}
    query = {"cqlQuery": "x", "archivedResultCount": 0}
    return {"results": list(rows), "_links": links or {}, **numbers, **query}


def test_a_found_page_is_a_line_with_its_number_and_link(trial: Trial, confluence: Confluence) -> None:
    row = found("98310", "ENG", "Billing &amp; Öl 🎉")
    confluence.says("GET", f"{V1}/search", answered(row, links=NEXT))
    result = trial.run("search_pages", cql="text ~ bill order by created")
    assert result.text == (
        f"1 pages:\n- Billing & Öl 🎉 · page 98310 · ENG · 2026-11-20 · {LINK}\n"
        'More with cursor="eyJpZCI6IjEifQ==".'
    )
    assert result.ids == ("98310",)
    assert confluence.calls[-1].query["cql"] == "type = page AND (text ~ bill) order by created"


def test_a_search_is_kept_within_the_scope_and_so_is_what_comes_back(
    trial: Trial, confluence: Confluence
) -> None:
    confluence.has_spaces("7", "8")
    rows = (found("1", "ENG", "Mine"), found("2", "HR", "Layoffs"))
    confluence.says("GET", f"{V1}/search", answered(*rows))
    result = trial.within("eng*").run("search_pages", cql="text ~ x")
    assert confluence.calls[-1].query["cql"] == 'type = page AND space in ("ENG") AND (text ~ x)'
    assert "Layoffs" not in result.text
    assert "1 more are outside" in result.text


@pytest.mark.parametrize("cql", ['a = 1) OR (space = "HR"', ")(", 'text ~ "open', "text ~ 'it"])
def test_a_query_cannot_break_out_of_the_scope(trial: Trial, confluence: Confluence, cql: str) -> None:
    confluence.has_spaces("7")
    with pytest.raises(ToolError, match="Correct it"):
        trial.within("ENG").run("search_pages", cql=cql)


def test_a_page_is_told_as_markdown_with_its_version_and_what_is_missing(
    trial: Trial, confluence: Confluence
) -> None:
    raw = '<h2>Calls</h2><p><ac:structured-macro ac:name="toc" /></p><p>Hi <strong>you</strong></p>'
    confluence.has(times=2, raw=raw)
    assert trial.within("ENG").run("read_page", page=f"{LINK}/Billing").text == (
        f"Billing\n{LINK}\nSpace ENG · page 98310 · version 2 · 2026-11-20 08:15\nBelow page 98300\n"
        "Not told in full: the macro “toc”\n\n## Calls\n\n[toc]\n\nHi **you**"
    )


def test_a_long_page_is_read_in_parts(trial: Trial, confluence: Confluence) -> None:
    confluence.has(times=4, text="x" * 30_000)
    assert "go on with offset=20000" in trial.run("read_page", page="98310").text
    assert trial.run("read_page", page="98310", offset=20_000).text.startswith("xxx")


@pytest.mark.parametrize("page", ["../spaces", "1/children", "98310%2F..", "-1", "", "home"])
def test_what_is_no_page_is_never_asked_for(trial: Trial, confluence: Confluence, page: str) -> None:
    with pytest.raises(ToolError, match="is not a page"):
        trial.run("read_page", page=page)
    assert confluence.calls == []


def test_spaces_outside_of_the_scope_are_not_listed(trial: Trial, confluence: Confluence) -> None:
    confluence.has_spaces("7", "8")
    result = trial.within("ENG").run("list_spaces")
    assert result.text == f"1 of 1 spaces:\n- ENG Space ENG · global · {SITE}/wiki/spaces/ENG"
    assert confluence.calls[-1].query["keys"] == "ENG"
    confluence.has_spaces("7", "8")
    assert trial.run("list_spaces", search="hr").ids == ("HR",)


def test_children_are_listed_page_by_page(trial: Trial, confluence: Confluence) -> None:
    confluence.has(times=2)
    child = {"id": "98311", "title": "Calls", "spaceId": "7", "status": "current"}
    answer = {"results": [child], "_links": NEXT}
    confluence.says("GET", f"{V2}/pages/98310/children", answer)
    text = trial.run("list_children", page="98310", cursor="abc").text
    line = f"- Calls · page 98311 · {SITE}/wiki/spaces/ENG/pages/98311"
    assert text == f'1 pages:\n{line}\nMore with cursor="eyJpZCI6IjEifQ==".'
    assert confluence.calls[-1].query["cursor"] == "abc"


def comment(number: str, text: str, **more: Any) -> dict[str, Any]:
    version = {"number": 1, "authorId": "5b1", "createdAt": "2026-11-20T08:15:00.000Z"}
    body = {"storage": {"value": f"<p>{text}</p>", "representation": "storage"}}
    return {"id": number, "version": version, "body": body, **more}


def test_comments_are_told_with_who_wrote_them_and_on_what(trial: Trial, confluence: Confluence) -> None:
    confluence.has()
    passage = {"properties": {"inlineOriginalSelection": "GET /bills"}}
    inline, below = comment("1", "Is it?", **passage), comment("2", "Thanks <em>all</em>")
    confluence.says("GET", f"{V2}/pages/98310/inline-comments", {"results": [inline]})
    confluence.says("GET", f"{V2}/pages/98310/footer-comments", {"results": [below]})
    names = {"results": [{"accountId": "5b1", "displayName": "Mia Öl"}]}
    confluence.says("POST", f"{V2}/users-bulk", names)
    assert trial.run("list_comments", page="98310").text == (
        "2 comments:\n"
        "### Mia Öl on “GET /bills”, 2026-11-20 08:15 (comment 1)\nIs it?\n"
        "### Mia Öl, 2026-11-20 08:15 (comment 2)\nThanks *all*"
    )


def test_attachments_are_told_with_size_kind_and_link(trial: Trial, confluence: Confluence) -> None:
    confluence.has()
    file = {"id": "att1", "title": "a.png", "mediaType": "image/png", "fileSize": 23123}
    more = {"createdAt": "2026-11-20T08:15:00.000Z", "webuiLink": "/pages/viewpage?preview=a.png"}
    confluence.says("GET", f"{V2}/pages/98310/attachments", {"results": [file | more]})
    line = f"- a.png · image/png · 23,123 bytes · 2026-11-20 08:15 · {SITE}/wiki{more['webuiLink']}"
    assert trial.run("list_attachments", page="98310").text == f"1 attachments:\n{line}"


def test_nothing_there_says_so(trial: Trial, confluence: Confluence) -> None:
    confluence.has()
    confluence.says("GET", f"{V2}/pages/98310/attachments", {"results": []})
    assert trial.run("list_attachments", page="98310").text == "No attachments found."


def test_a_page_that_is_not_there_is_not_found(trial: Trial, confluence: Confluence) -> None:
    confluence.says("GET", f"{V2}/pages/98310", {}, code=404)
    with pytest.raises(ToolError, match="did not find the page 98310"):
        trial.run("read_page", page="98310")
