"""Markdown becomes a document of Jira's and comes back; what Markdown cannot say is named, and known to be lost."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.jira.adf import document
from plugins.jira.adf_reading import is_carried, markdown

TEXTS = [
    "# Title\n\nHi **b** *i* ~~s~~ `c` [l](https://a.example) [`x`](https://b.example) ü 日本 🎉",
    "soft\\\nhard",
    "1. one\n\n   more\n\n   - a\n   - b\n2. two",
    "3. three\n4. four",
    "> quoted\n>\n> - in it",
    "```python\nx < 1\n\n\ny\n```",
    "````\n```\n````",
    "| a | b |\n| --- | --- |\n| 1 | `x` |",
    "a\n\n---\n\nb",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_it_was_written(text: str) -> None:
    assert markdown(document(text)) == text
    assert is_carried(document(text))


def test_a_document_is_of_jiras_own_kinds() -> None:
    assert document("Hi **you** <b>\n\n- [x](https://a.example)") == {
        "type": "doc",
        "version": 1,
        "content": [
            {
                "type": "paragraph",
                "content": [
                    text("Hi "),
                    text("you", {"type": "strong"}),
                    text(" <b>"),
                ],
            },
            {
                "type": "bulletList",
                "content": [
                    {
                        "type": "listItem",
                        "content": [
                            {
                                "type": "paragraph",
                                "content": [
                                    text("x", {"type": "link", "attrs": {"href": "https://a.example"}})
                                ],
                            }
                        ],
                    }
                ],
            },
        ],
    }


def text(words: str, *marks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"marks": list(marks)} if marks else {})


ALLOWED = {"paragraph", "bulletList", "orderedList", "codeBlock"}


@pytest.mark.parametrize("inner", ["# Head", "> quote", "| a |\n| --- |\n| 1 |", "- # Head", "```\nx\n```"])
@pytest.mark.parametrize("around", ["- ", "> "])
def test_what_jira_allows_in_no_list_and_no_quote_becomes_paragraphs(inner: str, around: str) -> None:
    rest = "> " if around == "> " else "  "
    lines = inner.split("\n")
    written = document("\n".join([around + lines[0], *(rest + line for line in lines[1:])]))
    inside = written["content"][0]["content"]
    parts = inside if around == "> " else inside[0]["content"]
    assert parts
    assert {part["type"] for part in parts} <= ALLOWED
    if around == "- ":
        assert parts[0]["type"] in ("paragraph", "codeBlock")


def test_scripts_are_no_links_and_images_are() -> None:
    written = document("[x](javascript:alert(1)) ![chart](https://a.example/c.png)")
    assert markdown(written) == "[x](javascript:alert(1)) [chart](https://a.example/c.png)"
    marks = [part.get("marks") for part in written["content"][0]["content"]]
    assert marks == [None, [{"type": "link", "attrs": {"href": "https://a.example/c.png"}}]]


def node(kind: str, *content: Any, **attrs: Any) -> dict[str, Any]:
    return {"type": kind, "attrs": attrs, "content": list(content)}


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (node("paragraph", node("mention", id="1", text="@Ben")), "@Ben"),
        (node("paragraph", node("emoji", shortName=":smile:", text="🙂")), "🙂"),
        (node("paragraph", node("inlineCard", url="https://a.example")), "<https://a.example>"),
        (node("paragraph", node("status", text="BLOCKED")), "[BLOCKED]"),
        (node("panel", node("paragraph", text("Mind"))), "> Mind"),
        (node("mediaSingle", node("media", id="1")), "[media]"),
        (node("taskList", node("taskItem", text("Do"), state="DONE")), "- [x] Do"),
        (node("paragraph", text("red", {"type": "textColor", "attrs": {"color": "#f00"}})), "red"),
        (node("somethingNew"), "[somethingNew]"),
    ],
)
def test_what_markdown_cannot_say_is_told_and_known_to_be_lost(lost: dict[str, Any], words: str) -> None:
    written = {"type": "doc", "version": 1, "content": [lost]}
    assert markdown(written) == words
    assert not is_carried(written)


def test_older_servers_give_plain_text() -> None:
    assert markdown("h1. Old") == "h1. Old"
    assert markdown(None) == ""
