"""A turn comes whole and as it was sent, or not at all."""

from __future__ import annotations

import pytest

from bot.domain.call import Call
from bot.domain.turn import Turn, Usage
from bot.errors import NotConfigured, Unavailable
from bot.model.claude import AnswerTooLong, Claude, ContextFull, ModelRefused, Refused
from bot.model.errors import BrokenAnswer

HELLO = {"type": "text", "text": "Hello."}
CALL = {
    "type": "tool_use",
    "id": "toolu_1",
    "name": "read_file",
    "input": {"path": "b.md", "limit": 2, "a": None},
}
THOUGHT = {"type": "thinking", "thinking": "Let me see.", "signature": "c2ln"}


def test_a_turn_is_kept_block_for_block_with_its_ids_usage_and_cost(service, says, claude_at, prefix, goal):
    usage = {"input_tokens": 100, "output_tokens": 50, "cache_read_input_tokens": 1000}
    service.says(says.whole(THOUGHT, HELLO, CALL, stop="tool_use", usage=usage))
    turn = claude_at(service).turn(prefix, goal)
    assert turn.blocks == [THOUGHT, HELLO, CALL]
    assert turn == Turn(
        content=turn.content,
        stop_reason="tool_use",
        request_id="req_1",
        message_id="msg_1",
        tokens=1150,
        usage=Usage(
            input_tokens=100, output_tokens=50, cache_read_tokens=1000, dollars=pytest.approx(0.0016)
        ),
    )
    assert turn.calls == (Call(id="toolu_1", tool="read_file", input=CALL["input"]),)
    assert list(turn.calls[0].input) == ["path", "limit", "a"]


def test_text_and_thoughts_are_heard_as_they_come(service, says, claude_at, prefix, goal):
    said, thought = [], []
    service.says(says.whole(THOUGHT, HELLO))
    claude_at(service).turn(prefix, goal, on_text=said.append, on_thought=thought.append)
    assert (said, thought) == (["Hello."], ["Let me see."])


def test_a_whole_request_looks_like_this(service, says, claude_at, prefix, goal):
    service.says(says.whole(HELLO))
    claude_at(service, effort="high").turn(prefix, goal, previous_message_id="msg_0")
    assert service.requests == [
        {
            "model": "claude-opus-5-5",
            "max_tokens": 32_000,
            "system": [
                {"type": "text", "text": prefix.system, "cache_control": {"type": "ephemeral", "ttl": "1h"}}
            ],
            "tools": list(prefix.tools),
            "messages": goal,
            "cache_control": {"type": "ephemeral"},
            "thinking": {"type": "adaptive", "display": "summarized"},
            "output_config": {"effort": "high"},
            "diagnostics": {"previous_message_id": "msg_0"},
            "stream": True,
        }
    ]


def test_an_answer_cut_short_by_the_limit_is_thrown_away_and_asked_for_with_twice_the_limit(
    service, says, claude_at, prefix, goal
):
    half = {**CALL, "input": '{"path": "b.m'}
    service.says(says.whole(half, stop="max_tokens"), says.whole(HELLO))
    turn = claude_at(service).turn(prefix, goal)
    assert turn.blocks == [HELLO]
    assert turn.usage.output_tokens == 10
    assert [request["max_tokens"] for request in service.requests] == [32_000, 64_000]
    assert service.requests[0]["messages"] == service.requests[1]["messages"]


def test_an_answer_too_long_for_twice_the_limit_is_an_error_that_says_what_it_cost(
    service, says, claude_at, prefix, goal
):
    service.says(says.whole(HELLO, stop="max_tokens"), says.whole(HELLO, stop="max_tokens"))
    with pytest.raises(AnswerTooLong, match="64,000 tokens") as raised:
        claude_at(service).turn(prefix, goal)
    assert raised.value.usage.output_tokens == 10


def test_a_pause_is_gone_on_from_with_what_was_said_unchanged(service, says, claude_at, prefix, goal):
    search = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "x"}}
    service.says(says.whole(search, stop="pause_turn"), says.whole(HELLO))
    turn = claude_at(service).turn(prefix, goal)
    assert turn.blocks == [search, HELLO]
    assert service.requests[1]["messages"][1:] == [{"role": "assistant", "content": [search]}]


def test_a_ninth_pause_is_not_gone_on_from(service, says, claude_at, prefix, goal):
    service.says(*[says.whole(HELLO, stop="pause_turn")] * 9)
    with pytest.raises(ModelRefused):
        claude_at(service).turn(prefix, goal)
    assert len(service.requests) == 9


def test_a_refusal_explains_itself(service, says, claude_at, prefix, goal):
    details = {
        "type": "refusal",
        "category": "cyber",
        "explanation": "This could do harm.",
        "recommended_model": "claude-opus-5",
    }
    service.says(says.whole(stop="refusal", stop_details=details))
    with pytest.raises(Refused, match="This could do harm") as raised:
        claude_at(service).turn(prefix, goal)
    assert (raised.value.category, raised.value.recommended_model) == ("cyber", "claude-opus-5")


def test_a_refusal_without_a_reason_is_still_a_sentence(service, says, claude_at, prefix, goal):
    service.says(says.whole(stop="refusal"))
    with pytest.raises(Refused, match="declined"):
        claude_at(service).turn(prefix, goal)


def test_a_full_context_is_an_error_of_its_own(service, says, claude_at, prefix, goal):
    service.says(says.whole(HELLO, stop="model_context_window_exceeded"))
    with pytest.raises(ContextFull):
        claude_at(service).turn(prefix, goal)


def test_an_empty_end_of_turn_is_a_turn_that_says_nothing(service, says, claude_at, prefix, goal):
    service.says(says.whole())
    turn = claude_at(service).turn(prefix, goal)
    assert (turn.content, turn.stop_reason) == ("[]", "end_turn")


@pytest.mark.parametrize(
    "given",
    ['{"path": "b.m', '{"path": "b.md"} {}', '["b.md"]', '{"limit": NaN}', r'{"path": "\ud83d"}'],
    ids=str,
)
def test_a_call_whose_input_is_not_one_whole_object_is_never_returned(
    service, says, claude_at, prefix, goal, given
):
    service.says(says.whole({**CALL, "input": given}, stop="tool_use"))
    with pytest.raises(BrokenAnswer):
        claude_at(service).turn(prefix, goal)


@pytest.mark.parametrize(("content", "stop"), [(CALL, "end_turn"), (HELLO, "tool_use")])
def test_an_answer_that_contradicts_itself_is_not_returned(
    service, says, claude_at, prefix, goal, content, stop
):
    service.says(says.whole(content, stop=stop))
    with pytest.raises(BrokenAnswer):
        claude_at(service).turn(prefix, goal)


def test_an_answer_without_a_stop_reason_counts_as_dropped(service, says, claude_at, prefix, goal):
    service.says(says.whole(HELLO, stop=None))
    with pytest.raises(Unavailable):
        claude_at(service).turn(prefix, goal)


def test_without_a_key_anthropic_is_not_even_called():
    with pytest.raises(NotConfigured, match="ANTHROPIC_API_KEY"):
        Claude(api_key="", base_url=None, model="claude-opus-5-5")
