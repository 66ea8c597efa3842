"""Markdown becomes Confluence's XHTML and comes back; what Markdown cannot say is named, and known to be lost."""

from __future__ import annotations

import pytest

from plugins.confluence.storage import storage
from plugins.confluence.storage_reading import lost, markdown

TEXTS = [
    "# Title\n\nHi **b** *i* ~~s~~ `c` [l](https://a.example/?x=1&y=2) ü 日本 🎉 snake_case 2 < 3",
    "1. one\n\n   more\n\n   - a\n2. two",
    "> quoted",
    "```python\nx < 1 & ]]> y\n\n\n  z\n```",
    "````\n```\n````",
    "| a | b |\n| --- | --- |\n| 1 | `x` |",
    "a\n\n---\n\nb",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_it_was_written(text: str) -> None:
    assert markdown(storage(text)) == text
    assert lost(storage(text)) == ()


def test_code_is_a_block_of_confluences_own() -> None:
    assert storage("```py\nx < 1\n```") == (
        '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">py</ac:parameter>'
        "<ac:plain-text-body><![CDATA[x < 1]]></ac:plain-text-body></ac:structured-macro>"
    )


@pytest.mark.parametrize(
    "raw",
    [
        '<ac:structured-macro ac:name="include"/>',
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "`<b>`",
        '```py"><x\n]]></ac:plain-text-body><script>\n```',
    ],
)
def test_no_text_can_write_markup_of_its_own(raw: str) -> None:
    written = storage(raw)
    outside = written.partition("<![CDATA[")[0] if raw.startswith("```") else written
    assert "<script" not in outside
    assert 'ac:name="include"' not in outside
    assert "<b>" not in outside
    assert 'href="javascript' not in outside
    assert markdown(written).replace("\n\n", "\n").strip("`") in (raw, raw.strip("`"))


def test_an_image_from_elsewhere_is_a_link() -> None:
    assert storage("![c](https://a.example/c.png?a=1&b=2)") == (
        '<p><a href="https://a.example/c.png?a=1&amp;b=2">c</a></p>'
    )


BOX = '<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">Mind</ac:parameter>'
TASK = (
    "<ac:task><ac:task-status>complete</ac:task-status><ac:task-body>Do <em>it</em></ac:task-body></ac:task>"
)


@pytest.mark.parametrize(
    ("raw", "words", "what"),
    [
        ('<p>Hi <ac:link><ri:user ri:account-id="5b1" /></ac:link></p>', "Hi @5b1", "mentions"),
        ('<p><ac:link><ri:page ri:content-title="Home" /></ac:link></p>', "[Home]", "links to pages"),
        (
            '<p><ac:link><ri:page ri:content-title="Home" /><ac:plain-text-link-body><![CDATA[there]]>'
            "</ac:plain-text-link-body></ac:link></p>",
            "[there](page “Home”)",
            "links to pages",
        ),
        ('<ac:image><ri:attachment ri:filename="a.png" /></ac:image>', "[image a.png]", "images"),
        (f"<ac:task-list>{TASK}</ac:task-list>", "- [x] Do it", "tick boxes"),
        ("<ac:layout><ac:layout-section><p>in</p></ac:layout-section></ac:layout>", "in", "columns"),
        ('<p><ac:structured-macro ac:name="toc" /></p>', "[toc]", "the macro “toc”"),
        (
            f"{BOX}<ac:rich-text-body><p>a</p><p>b</p></ac:rich-text-body></ac:structured-macro>",
            "> **Mind**\n>\n> a\n>\n> b",
            "the macro “info”",
        ),
    ],
)
def test_what_markdown_cannot_say_is_told_and_known_to_be_lost(raw: str, words: str, what: str) -> None:
    assert markdown(raw) == words
    assert what in lost(raw)
