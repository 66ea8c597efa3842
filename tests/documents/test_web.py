"""HTML: one file that needs nothing else, runs nothing, and says what it was given to say."""

from __future__ import annotations

from typing import Any

from lxml import html

from bot.documents import web
from bot.documents.content import Content
from bot.documents.drawing import Drawing

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>&'</style></title><!--"


def page(*blocks: dict[str, Any], **more: Any) -> html.HtmlElement:
    made = web.written(Content.model_validate({"blocks": blocks, **more}), Drawing(), None)
    return html.document_fromstring(made.decode())


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


def test_whatever_is_written_stays_words() -> None:
    found = page(
        {"type": "heading", "text": HOSTILE},
        text(HOSTILE + "\n\n[a](javascript:alert(1)) [b](data:text/html,x) <b onclick=x>raw</b>"),
        {"type": "code", "code": HOSTILE, "language": HOSTILE},
        {"type": "table", "columns": [HOSTILE], "rows": [[HOSTILE]], "caption": HOSTILE},
        {"type": "diagram", "mermaid": "flowchart LR\n A-->B", "alt": HOSTILE, "caption": HOSTILE},
        title=HOSTILE,
        subtitle=HOSTILE,
        author=HOSTILE,
    )
    assert found.xpath("count(//script | //iframe | //object | //link | //form | //b)") == 0
    assert [one for node in found.iter() for one in node.attrib if one.startswith("on")] == []
    assert all(one.startswith(("data:image/", "#")) for one in found.xpath("//@src | //@href"))
    assert found.findtext(".//title") == HOSTILE and found.findtext(".//pre/code") == HOSTILE
    assert found.xpath("//img/@alt") == [HOSTILE]


def test_it_asks_for_nothing_from_anywhere() -> None:
    chart = {"kind": "bar", "categories": ["a"], "series": [{"name": "s", "values": [1]}]}
    found = page({"type": "chart", "chart": chart, "caption": "How many"}, text("[out](https://example.org)"))
    (policy,) = found.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none';") and "script-src" not in policy
    assert found.xpath("//img/@src")[0].startswith("data:image/svg+xml;base64,")
    assert "url(" not in found.findtext(".//style") and "@import" not in found.findtext(".//style")
    (link,) = found.xpath("//a")
    assert (link.get("href"), link.get("rel")) == ("https://example.org", "noopener noreferrer")
    assert found.xpath("//figcaption/text()") == ["How many"]


def test_a_long_one_has_contents_and_every_link_within_leads_somewhere() -> None:
    blocks = [{"type": "heading", "text": f"Part **{one}**", "level": 1 + one % 2} for one in range(8)]
    notes = [
        text("first[^b] second[^a] again[^b] lost[^c]"),
        {"type": "footnote", "name": "a", "text": "of a"},
    ]
    found = page(*blocks, *notes, {"type": "footnote", "name": "b", "text": "of *b*"}, language="ar")
    anchors = set(found.xpath("//@id"))
    assert {one[1:] for one in found.xpath("//a/@href")} <= anchors
    assert len(anchors) == len(found.xpath("//@id"))
    assert found.xpath("//nav//a/text()") == [f"Part {one}" for one in range(8)]
    assert [one.text_content() for one in found.xpath("//sup")] == ["1", "2", "1"]
    assert [one.text_content().rstrip(" ↩") for one in found.xpath("//section//li")] == ["of b", "of a"]
    assert "lost[^c]" in found.text_content()
    assert (found.get("lang"), found.get("dir")) == ("ar", "rtl")


def test_a_short_one_has_no_contents_and_no_empty_notes() -> None:
    found = page({"type": "heading", "text": "Only"}, title="T")
    assert found.xpath("count(//nav | //section)") == 0
    assert (found.get("dir"), [one.tag for one in found.xpath("//h1 | //h2")]) == (None, ["h1", "h2"])


def test_a_table_says_what_its_heads_are_for_and_sets_numbers_right() -> None:
    found = page(
        {"type": "table", "columns": ["Name", "Sum"], "rows": [["a", 1.5], ["b"]], "caption": "Sums"}
    )
    assert [(one.text, one.get("scope"), one.get("class")) for one in found.xpath("//th")] == [
        ("Name", "col", None),
        ("Sum", "col", "number"),
    ]
    assert [[cell.text or "" for cell in row] for row in found.xpath("//tbody/tr")] == [
        ["a", "1.5"],
        ["b", ""],
    ]
    days = page({"type": "table", "columns": ["Day"], "rows": [["2026-03-31"], ["soon"]]})
    assert [cell.get("class") for cell in days.xpath("//td")] == ["figure", None]
    assert found.xpath("//figure[div/table]/figcaption/text()") == ["Sums"]


def test_a_long_word_in_a_table_may_go_on_in_the_next_line_and_no_figure_is_broken() -> None:
    rows = [["Donaudampfschifffahrtsgesellschaftskapitän", "1234567890123456789012345678"]]
    found = page({"type": "table", "columns": ["Who", "Number"], "rows": rows}, text("x" * 100))
    assert [cell.get("class") for cell in found.xpath("//td")] == ["words", "number"]
    assert [len(cell.xpath(".//wbr")) for cell in found.xpath("//td")] == [5, 0]
    assert [cell.text_content() for cell in found.xpath("//td")] == rows[0]
    assert found.xpath("count(//p/wbr)") == 0


def test_lists_stand_within_their_items() -> None:
    found = page(
        text("- one\n- two\n  1. deep\n  2. deeper\n\n  more of two\n- three\n\nafter\n\n3. third\n4. fourth")
    )
    (bullets,) = found.xpath("//main/ul")
    assert [one.tag for one in bullets] == ["li", "li", "li"]
    assert bullets[1].xpath("./ol/li")[1].text.strip() == "deeper"
    assert "more of two" in bullets[1].text_content()
    assert found.xpath("//main/p")[0].text == "after"
    assert found.xpath("//main/ol/@start") == ["3"]


def test_the_same_content_is_the_same_file() -> None:
    content = Content.model_validate({"blocks": [text("x")], "title": "T"})
    assert web.written(content, Drawing(), None) == web.written(content, Drawing(), None)
