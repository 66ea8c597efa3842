"""The strict shape, derived from the SDK: what the API's own parser refuses."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rehearsal import shape

BODY = {"model": "claude-opus-5-5", "max_tokens": 10, "messages": [{"role": "user", "content": "hi"}]}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1"}


def messages(*blocks: Any, role: str = "user") -> dict[str, Any]:
    return {"messages": [{"role": role, "content": list(blocks)}]}


RIGHT: dict[str, dict[str, Any]] = {
    "everything the colleague sends": {
        "system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
        "thinking": {
            "type": "adaptive",
            "display": "updates",
            "block_binding": {"prefix_mismatch_behavior": "drop_block"},
        },
        "output_config": {"effort": "high", "format": {"type": "json_schema", "schema": {"anything": [1]}}},
        "diagnostics": {"previous_message_id": None},
        "cache_control": {"type": "ephemeral"},
        "stream": True,
        "metadata": {"user_id": "u"},
        "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
        "compaction": {"type": "summarize", "instructions": "short"},
    },
    "an open JSON schema": {
        "tools": [
            {"name": "a", "input_schema": {"type": "object", "$defs": {"x": {"not": {}}}, "title": "A"}}
        ]
    },
    "any tool input": messages(
        {
            "type": "tool_use",
            "id": "t",
            "name": "a",
            "input": {"deep": {"er": [1, None]}},
            "caller": {"type": "direct"},
        },
        role="assistant",
    ),
    "results of every kind": messages(
        RESULT,
        RESULT | {"content": "text", "is_error": True},
        RESULT | {"content": [{"type": "text", "text": "x"}, {"type": "tool_reference", "tool_name": "a"}]},
        RESULT
        | {
            "content": [
                {
                    "type": "search_result",
                    "title": "t",
                    "source": "s",
                    "content": [{"type": "text", "text": "x"}],
                    "citations": {"enabled": True},
                }
            ]
        },
    ),
}

WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "an unknown parameter": ({"temperature": 1}, ["temperature: Extra inputs are not permitted"]),
    "a parameter that is a header": ({"betas": []}, ["betas: Extra inputs are not permitted"]),
    "a missing field": (messages({"type": "text"}), ["messages.0.content.0.text.text: Field required"]),
    "an unknown field": (
        messages({"type": "text", "text": "x", "parsed_output": {}}),
        ["messages.0.content.0.text.parsed_output: Extra inputs are not permitted"],
    ),
    "a block without a type": (messages({"text": "x"}), ["messages.0.content.0.type: Field required"]),
    "content of a wrong kind": (
        {"messages": [{"role": "user", "content": 5}]},
        ["messages.0.content: Input should be a valid list"],
    ),
    "an unknown role": (
        {"messages": [{"role": "robot", "content": "x"}]},
        ["messages.0.role: Input should be 'user', 'assistant', 'system'"],
    ),
    "input as text": (
        messages({"type": "tool_use", "id": "t", "name": "a", "input": "{}"}, role="assistant"),
        ["messages.0.content.0.tool_use.input: Input should be a valid dictionary"],
    ),
    "an unknown life": (
        {"cache_control": {"type": "ephemeral", "ttl": "2h"}},
        ["cache_control.ephemeral.ttl: Input should be '5m' or '1h'"],
    ),
    "a mark on thinking": (
        messages(
            {"type": "thinking", "thinking": "", "signature": "s", "cache_control": {"type": "ephemeral"}},
            role="assistant",
        ),
        ["messages.0.content.0.thinking.cache_control: Extra inputs are not permitted"],
    ),
    "a number as text": ({"max_tokens": "10"}, ["max_tokens: Input should be a valid integer"]),
    "a misspelt tool field": (
        {"tools": [{"name": "a", "input_schema": {"type": "object"}, "descripton": "x"}]},
        ["tools.0.custom.descripton: Extra inputs are not permitted"],
    ),
}


@pytest.mark.parametrize("part", RIGHT.values(), ids=RIGHT)
def test_what_the_sdk_can_send_passes(part: dict[str, Any]) -> None:
    assert shape.check({**BODY, **part}) == []


@pytest.mark.parametrize(("part", "wrong"), WRONG.values(), ids=WRONG)
def test_what_the_api_refuses_is_named_with_its_path(part: dict[str, Any], wrong: list[str]) -> None:
    assert shape.check({**BODY, **part}) == wrong


def test_a_missing_parameter_is_named() -> None:
    assert shape.check({"messages": []}) == ["max_tokens: Field required", "model: Field required"]


def test_an_unknown_type_names_the_known_ones() -> None:
    [wrong] = shape.check({**BODY, **messages({"type": "texxt", "text": "x"})})
    assert wrong.startswith(
        "messages.0.content.0: Input tag 'texxt' found using 'type' does not match any of the expected tags: 'text', "
    )


def test_counting_takes_no_max_tokens() -> None:
    body = {"model": "claude-opus-5-5", "messages": BODY["messages"]}
    assert shape.check_count(body) == []
    assert shape.check_count({**body, "max_tokens": 1}) == ["max_tokens: Extra inputs are not permitted"]


def test_a_stored_message_can_be_checked_alone() -> None:
    assert shape.check_message({"role": "assistant", "content": [{"type": "text", "text": "x"}]}) == []
