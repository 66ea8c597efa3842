"""Before a document is there, a person reads all that it is to say, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.documents import worded
from bot.documents.content import Content, Slide

CHART = {
    "kind": "column",
    "title": "Q4",
    "x_title": "Region",
    "categories": ["North", "South"],
    "series": [{"name": "EUR", "values": [1.0, None]}],
}
TABLE = {
    "type": "table",
    "columns": ["Who", "How many"],
    "rows": [["Ann", 1.5], ["Bob"]],
    "caption": "Of all",
}
IMAGE = {"type": "image", "path": "a.png", "alt": "A cat", "caption": "Sleeping"}
DIAGRAM = {"type": "diagram", "mermaid": "flowchart LR\n A-->B", "alt": "Two steps", "caption": "The way"}
WHOLE = {
    "title": "Report",
    "subtitle": "for you",
    "author": "Eve",
    "date": "May",
    "language": "de",
    "blocks": [
        {"type": "heading", "text": "Sales", "level": 2},
        {"type": "text", "text": "They grew.[^n]"},
        {"type": "chart", "chart": CHART, "caption": "As it was"},
        {"type": "code", "code": "x = 1", "language": "python"},
        {"type": "footnote", "name": "n", "text": "By 3%"},
        {"type": "page_break"},
        *(TABLE, IMAGE, DIAGRAM),
    ],
    "sheets": [
        {
            "name": "Sums",
            "columns": [{"title": "Day", "kind": "date"}, {"title": "Sum", "format": "0.0%"}],
            "rows": [["2026-01-02", {"formula": "=A1*2"}], ["=no formula", 3.0]],
            "totals": True,
            "charts": [{"kind": "pie", "title": "Parts", "categories": "Day", "series": ["Sum"]}],
        }
    ],
    "slides": [
        {
            "title": "One",
            "subtitle": "below",
            "notes": "Say it",
            "right": ["over there"],
            "bullets": ["first", {"text": "deep", "level": 1}],
            "table": TABLE,
            "chart": CHART,
            "diagram": DIAGRAM,
            "image": IMAGE,
        }
    ],
}


def test_all_that_a_document_is_to_say_is_in_its_words_and_nothing_of_json() -> None:
    said = worded.content(Content.model_validate(WHOLE))
    assert [text for text in texts(WHOLE) if text.removeprefix("=") not in said] == []
    assert not set("{}") & set(said) and "null" not in said and "1.0" not in said


def test_every_value_of_a_chart_has_its_name() -> None:
    slide = Slide.model_validate({"title": "T", "chart": CHART})
    assert worded.slide(slide) == (
        "T\nChart “Q4” (column, along the bottom: Region):\nEUR: North 1, South none"
    )


def test_what_is_a_formula_is_told_from_what_only_looks_like_one() -> None:
    [told] = [worded.sheet(one) for one in Content.model_validate(WHOLE).sheets]
    assert told.splitlines() == [
        "Sheet Sums:",
        "Day (date) | Sum (text, 0.0%)",
        "2026-01-02 | =A1*2",
        "“=no formula” | 3",
        "(With a last row of sums)",
        "Chart “Parts” (pie): Sum by Day",
    ]


def texts(value: Any) -> Iterator[str]:
    """All texts that somebody wrote, without what says which block they are of."""
    match value:
        case dict():
            for name, one in value.items():
                yield from () if name == "type" else texts(one)
        case list():
            for one in value:
                yield from texts(one)
        case str():
            yield value
