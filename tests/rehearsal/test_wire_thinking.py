"""Thinking is bound to the conversation it was thought in."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import anthropic
import pytest

from bot.rehearsal.answer import Answer, text
from bot.rehearsal.script import turns
from bot.rehearsal.server import ModelDouble

THOUGHT = {"type": "thinking", "thinking": "Let me see what is there."}
CALL = {"type": "tool_use", "name": "look", "input": {"b": 1, "a": 2}}
TOOLS = [{"name": "look", "input_schema": {"type": "object"}}]
DROP = {"type": "adaptive", "block_binding": {"prefix_mismatch_behavior": "drop_block"}}


@pytest.fixture
def double() -> Iterator[ModelDouble]:
    with ModelDouble(turns(Answer(content=[THOUGHT, CALL, THOUGHT]), text("Seen."))) as double:
        yield double


def request(*messages: Any, **more: Any) -> dict[str, Any]:
    system = [{"type": "text", "text": "Be brief."}]
    return {
        "model": "claude-opus-5-5",
        "max_tokens": 1000,
        "system": system,
        "tools": TOOLS,
        "messages": list(messages),
        **more,
    }


def turn(double: ModelDouble, body: dict[str, Any]) -> dict[str, Any]:
    with anthropic.Anthropic(api_key="k", base_url=double.url, max_retries=0) as client:  # noqa: SIM117
        with client.beta.messages.stream(**body) as stream:
            return stream.get_final_message().to_dict(mode="json", warnings=False)


def followed(double: ModelDouble, **more: Any) -> dict[str, Any]:
    """The second request of a conversation whose first turn thought."""
    go = {"role": "user", "content": [{"type": "text", "text": "Go"}]}
    said = turn(double, request(go, **more))["content"]
    result = {"type": "tool_result", "tool_use_id": said[1]["id"], "content": [{"type": "text", "text": "x"}]}
    return request(go, {"role": "assistant", "content": said}, {"role": "user", "content": [result]}, **more)


def marked(body: dict[str, Any]) -> None:
    body["messages"][0]["content"][0]["cache_control"] = {"type": "ephemeral"}
    body["system"][0]["cache_control"] = {"type": "ephemeral", "ttl": "1h"}


def as_text(body: dict[str, Any]) -> None:
    body["messages"][0]["content"] = "Go"


def with_nulls(body: dict[str, Any]) -> None:
    body["messages"][0]["content"][0]["citations"] = None


def grown(body: dict[str, Any]) -> None:
    body["messages"][2]["content"].append({"type": "text", "text": "and hurry"})


def other_question(body: dict[str, Any]) -> None:
    body["messages"][0]["content"][0]["text"] = "Stop"


def other_system(body: dict[str, Any]) -> None:
    body["system"][0]["text"] = "Be long."


def other_tools(body: dict[str, Any]) -> None:
    body["tools"] = [{**TOOLS[0], "description": "Look."}]


def other_model(body: dict[str, Any]) -> None:
    body["model"] = "claude-sonnet-5-5"


def other_thought(body: dict[str, Any]) -> None:
    body["messages"][1]["content"][0]["thinking"] = "Something else."


def lost_thought(body: dict[str, Any]) -> None:
    del body["messages"][1]["content"][0]


def sorted_input(body: dict[str, Any]) -> None:
    body["messages"][1]["content"][1]["input"] = {"a": 2, "b": 1}


@pytest.mark.parametrize("change", [marked, as_text, with_nulls, grown])
def test_what_is_no_edit_is_taken(double: ModelDouble, change: Any) -> None:
    body = copy.deepcopy(followed(double))
    change(body)
    assert turn(double, body)["stop_reason"] == "end_turn"
    assert double.invalid == []


@pytest.mark.parametrize(
    "change",
    [other_question, other_system, other_tools, other_model, other_thought, lost_thought, sorted_input],
)
def test_an_edited_history_is_refused(double: ModelDouble, change: Any) -> None:
    body = copy.deepcopy(followed(double))
    change(body)
    with pytest.raises(anthropic.BadRequestError, match="bound to a different conversation"):
        turn(double, body)
    assert "Invalid signature in thinking block" in double.invalid[0]


def test_thinking_is_empty_unless_it_is_asked_for(double: ModelDouble) -> None:
    shown = {"type": "adaptive", "display": "summarized"}
    silent, spoken = followed(double), followed(double, thinking=shown)
    said = [[block["thinking"] for block in body["messages"][1]["content"][::2]] for body in (silent, spoken)]
    assert said == [["", ""], [THOUGHT["thinking"]] * 2]
    assert turn(double, spoken)["stop_reason"] == "end_turn"


def test_a_foreign_thought_can_be_dropped_instead_and_is_reported(double: ModelDouble) -> None:
    beta = ["thinking-binding-controls-2026-08-01"]
    body = copy.deepcopy(followed(double, thinking=DROP, betas=beta))
    other_question(body)
    message = turn(double, body)
    assert message["input_transformations"] == [
        {"type": "thinking_dropped", "path": f"messages.1.content.{at}", "reason": "prefix_binding_mismatch"}
        for at in (0, 2)
    ]


def test_a_conversation_survives_a_restart_of_the_double(double: ModelDouble) -> None:
    body = followed(double)
    with ModelDouble(turns(Answer(content=[]), text("Seen."))) as other:
        assert turn(other, body)["stop_reason"] == "end_turn"
