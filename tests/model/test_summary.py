"""A summary of a conversation: the service's own where it gives one, else in words, and never a reason to fail."""

from __future__ import annotations

import json

import pytest

from bot.domain.turn import Summary
from bot.model import summing
from bot.model.capabilities import FULL, PLAIN, Capabilities
from bot.model.claude import ContextFull
from tests.model.conftest import text

BLOCK = {"type": "compaction", "content": "I did much.", "encrypted_content": None, "signature": "sig"}


def summed_up(claude, prefix, messages):
    return claude.summary(prefix, messages, instructions="Sum up.")


def test_the_services_own_block_is_kept_as_it_came_and_asked_for_with_the_same_beginning(
    service, says, claude_at, prefix, goal
):
    service.says(says.whole(text("Hello."), stop="end_turn"), says.whole(BLOCK, stop="compaction"))
    claude = claude_at(service)
    claude.turn(prefix, goal)
    summary = summed_up(claude, prefix, goal)
    turn, asked = service.requests
    assert json.loads(summary.content) == [BLOCK]
    assert asked.pop("compaction") == {"type": "summarize", "instructions": "Sum up."}
    assert asked == turn
    assert [headers["anthropic-beta"] for headers in service.headers] == ["compact-2026-09-04"] * 2


@pytest.mark.parametrize(
    ("block", "kept"),
    [({**BLOCK, "signature": None}, "I did much."), ({**BLOCK, "content": None}, "")],
    ids=["unsigned", "empty"],
)
def test_a_block_that_could_not_be_sent_back_is_not_kept_as_one(
    service, says, claude_at, prefix, goal, block, kept
):
    service.says(says.whole(block, stop="compaction"))
    summary = summed_up(claude_at(service), prefix, goal)
    assert (summary.content, summary.text) == ("", kept)


def test_a_service_that_cannot_sum_up_just_now_is_not_asked_otherwise(service, says, claude_at, prefix, goal):
    service.says(says.refusal(529, "overloaded_error", code="compaction_unavailable"))
    assert summed_up(claude_at(service), prefix, goal) == Summary()
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    "complaint", ["compaction: Extra inputs are not permitted", "Unexpected value `compact-2026-09-04`"]
)
def test_a_service_that_does_not_know_compaction_is_asked_in_words_and_remembered(
    service, says, claude_at, prefix, goal, complaint
):
    told = says.whole(text("I did much."), stop="end_turn")
    service.says(says.refusal(400, "invalid_request_error", complaint), told, told)
    claude = claude_at(service)
    assert [summed_up(claude, prefix, goal).text for _ in range(2)] == ["I did much."] * 2
    plain = service.requests[1:]
    assert ["compaction" in request or "tools" in request for request in plain] == [False, False]
    assert plain[0]["system"][0]["text"] == "Sum up."
    assert "To Cowork: Count the files." in plain[0]["messages"][0]["content"][0]["text"]


def test_neither_way_is_an_empty_summary(service, says, claude_at, prefix, goal):
    full = says.whole(stop="model_context_window_exceeded")
    service.says(says.refusal(413, "request_too_large"), full)
    assert summed_up(claude_at(service), prefix, goal).is_empty


def test_a_turn_that_ends_in_compaction_asks_for_a_new_chapter(service, says, claude_at, prefix, goal):
    service.says(says.whole(BLOCK, stop="compaction"))
    with pytest.raises(ContextFull):
        claude_at(service).turn(prefix, goal)


@pytest.mark.parametrize(
    ("can", "chosen", "context"),
    [
        (FULL, 0, 200_000),
        (PLAIN, 0, 32_000),
        (PLAIN, 100_000, 100_000),
        (Capabilities(max_input_tokens=1_000_000), 0, 300_000),
        (Capabilities(max_input_tokens=8_000), 100_000, 8_000),
    ],
)
def test_a_conversation_grows_to_what_was_chosen_and_the_model_reads(can, chosen, context):
    assert can.context(chosen) == context


def test_a_transcript_keeps_the_beginning_and_the_end_of_what_does_not_fit():
    messages = [{"role": "user", "content": [text(f"{number} " + "x" * 90)]} for number in range(100)]
    told = summing.transcript(messages, 300)
    assert len(told) < 1_200
    assert told.startswith("To Cowork: 0 ") and summing.LEFT_OUT in told and "To Cowork: 99 " in told
    assert "To Cowork: 50 " not in told
