"""Which model reads the requester's words, and what happens when it cannot."""

from __future__ import annotations

import json

import pytest

from bot.agent import briefing
from bot.engine.reader import MOST_TOKENS, Reader
from bot.errors import Unavailable
from bot.model.claude import Claude
from bot.model.wire import Wire
from bot.rehearsal.answer import text
from bot.rehearsal.script import Script
from bot.rehearsal.server import ModelDouble

WORDS = "Look at it, but nothing new in drafts/ please"
FOUND = {
    "boundaries": [
        {"effects": ["create"], "where": "drafts/", "only": [], "quote": "nothing new in drafts/ please"}
    ],
    "plan_first": "",
    "check_ins": [],
    "wanted": [],
    "places": ["drafts/"],
    "recipients": [],
}


@pytest.fixture
def double():
    with ModelDouble(Script(()), structured=lambda _: text(json.dumps(FOUND))) as double:
        yield double
    assert double.invalid == []


def model(double, name="claude-haiku-5-5", **given):
    return Claude(
        api_key="key", base_url=double.url, model=name, max_tokens=MOST_TOKENS, effort="low", **given
    )


def test_one_structured_call_by_the_rules_of_the_api_reads_the_words_alone(double):
    read = Reader(model(double)).read(WORDS, Wire())

    (boundary,) = read.reading.boundaries
    assert (boundary.where, boundary.quote) == ("drafts", "nothing new in drafts/ please")
    assert read.model == "claude-haiku-5-5" and read.usage.output_tokens > 0
    (asked,) = double.asides
    assert asked["output_config"] == {
        "effort": "low",
        "format": {"type": "json_schema", "schema": briefing.schema()},
    }
    assert asked["max_tokens"] == MOST_TOKENS
    assert [message["content"][0]["text"] for message in asked["messages"]] == [WORDS]
    assert double.requests == []


def test_a_server_without_structured_outputs_is_not_asked(double):
    assert Reader(model(double, endpoint="plain")).read(WORDS, Wire()).model == ""
    assert double.asides == []


def test_where_the_small_model_is_out_the_one_that_works_reads(double):
    gone = Claude(api_key="key", base_url="http://127.0.0.1:1", model="claude-haiku-5-5")
    assert Reader(gone, model(double, "claude-opus-5-5")).read(WORDS, Wire()).model == "claude-opus-5-5"
    with pytest.raises(Unavailable):
        Reader(gone).read(WORDS, Wire())


def test_a_small_model_that_is_not_known_there_is_passed_over(double):
    read = Reader(model(double, "haiku-of-tomorrow"), model(double, "claude-opus-5-5")).read(WORDS, Wire())
    assert read.model == "claude-opus-5-5"
