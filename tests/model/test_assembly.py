"""An answer is put together from its stream exactly as it was meant, whatever is in it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Unavailable
from bot.model.assembly import Assembly
from bot.rehearsal import stream

WORDS = st.text(max_size=30)
INPUTS = st.dictionaries(
    WORDS,
    st.one_of(WORDS, st.integers(), st.none(), st.lists(st.floats(allow_nan=False, allow_infinity=False))),
)
BLOCKS = st.one_of(
    st.builds(lambda text: {"type": "text", "text": text}, WORDS),
    st.builds(lambda text: {"type": "thinking", "thinking": text, "signature": "c2ln"}, WORDS),
    st.builds(
        lambda kind, given: {"type": kind, "id": "t1", "name": "read_file", "input": given},
        st.sampled_from(["tool_use", "server_tool_use", "mcp_tool_use"]),
        INPUTS,
    ),
    st.just({"type": "redacted_thinking", "data": "eA=="}),
    st.builds(lambda given: {"type": "brought_next_year", "holds": given}, INPUTS),
)


@given(blocks=st.lists(BLOCKS, max_size=5))
def test_every_block_comes_out_as_it_went_in_known_or_not(blocks):
    calls = any(block["type"] == "tool_use" for block in blocks)
    meant = message(*blocks, stop_reason="tool_use" if calls else "end_turn")
    assert heard(stream.events(copy.deepcopy(meant))).whole() == meant


def test_text_and_thoughts_are_heard_in_their_pieces():
    said: list[str] = []
    thought: list[str] = []
    blocks = [{"type": "thinking", "thinking": "abc", "signature": ""}, {"type": "text", "text": "def"}]
    heard(stream.events(message(*blocks)), ears=(said.append, thought.append))
    assert (said, thought) == (["d", "e", "f"], ["a", "b", "c"])


def test_the_counts_at_the_end_replace_those_at_the_start_and_what_is_left_out_stands():
    start = {**message(), "stop_reason": None, "usage": {"input_tokens": 7, "output_tokens": 1}}
    usage = {"output_tokens": 9, "input_tokens": None}
    end = {"type": "message_delta", "delta": {"stop_reason": "end_turn", "container": None}, "usage": usage}
    assembly = Assembly((str, str))
    for event in ({"type": "message_start", "message": start}, end, {"type": "message_stop"}):
        assembly.take(event)
    assert assembly.whole() == {
        **start,
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 7, "output_tokens": 9},
    }


def test_where_a_text_was_found_stays_with_it():
    found = [{"type": "char_location", "cited_text": "a"}, {"type": "char_location", "cited_text": "b"}]
    assembly = Assembly((str, str))
    assembly.take({"type": "message_start", "message": message()})
    assembly.take(
        {
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "text", "text": "", "citations": None},
        }
    )
    for one in found:
        delta = {"type": "citations_delta", "citation": one}
        assembly.take({"type": "content_block_delta", "index": 0, "delta": delta})
    assembly.take({"type": "message_stop"})
    assert assembly.whole()["content"] == [{"type": "text", "text": "", "citations": found}]


@pytest.mark.parametrize("events", range(9))
def test_less_than_all_of_it_is_no_answer(events):
    parts = stream.events(message({"type": "text", "text": "abc"}))
    with pytest.raises(Unavailable):
        heard(parts[:events]).whole()


def message(*blocks: dict[str, Any], stop_reason: str = "end_turn") -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "content": list(blocks),
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "stop_details": None,
        "usage": {"input_tokens": 3, "output_tokens": 5},
    }


def heard(parts: list[bytes], ears: Any = (str, str)) -> Assembly:
    assembly = Assembly(ears)
    for part in parts:
        assembly.take(json.loads(part.decode().split("data: ", 1)[1]))
    return assembly
