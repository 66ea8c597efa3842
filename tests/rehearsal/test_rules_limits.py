"""The rules of marks, limits and compaction, each once kept and once broken."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rehearsal import rules, shape, signing

GOOD = {"type": "object", "properties": {}, "additionalProperties": False}
IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}}
UNION = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def tool(name: str = "look", **more: Any) -> dict[str, Any]:
    return {"name": name, "input_schema": GOOD, **more}


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **more}


def user(*blocks: Any, text: str = "hello") -> dict[str, Any]:
    return {"role": "user", "content": list(blocks) or [said(text)]}


def assistant(*blocks: Any, text: str = "well") -> dict[str, Any]:
    return {"role": "assistant", "content": list(blocks) or [said(text)]}


def call(id: str = "toolu_1", name: str = "look") -> dict[str, Any]:
    return {"type": "tool_use", "id": id, "name": name, "input": {}}


def marked(block: dict[str, Any], ttl: str = "5m") -> dict[str, Any]:
    return {**block, "cache_control": {"type": "ephemeral", "ttl": ttl}}


def compacted(text: str = "so far", signature: str | None = None) -> dict[str, Any]:
    signed = signature or signing.compaction(text, None)
    return {"type": "compaction", "content": text, "encrypted_content": None, "signature": signed}


def request(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"model": "claude-opus-5-5", "max_tokens": 1000, "messages": list(messages), **more}


KEPT = {
    "a compaction opens the epoch": request(assistant(compacted()), user()),
    "four marks, the automatic one included": request(
        user(marked(said("a"))),
        tools=[marked(tool(), "1h")],
        system=[marked(said("s"), "1h")],
        cache_control={"type": "ephemeral"},
    )
    | {"messages": [user(marked(said("a"))), assistant(), user()]},
    "the automatic mark where the same mark stands": request(
        user(marked(said("a"))), cache_control={"type": "ephemeral"}
    ),
    "a strict tool within limits": request(user(), tools=[tool(strict=True)]),
    "a compaction of a finished turn": request(user(), assistant(), compaction={"type": "summarize"}),
    "a compaction request": request(user(), assistant(), user(), compaction={"type": "summarize"}),
}

BROKEN = {
    "five marks": (
        request(user(*[marked(said(str(at))) for at in range(5)])),
        "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    ),
    "the automatic mark is the fifth": (
        request(
            user(*[marked(said(str(at))) for at in range(4)], said("x")), cache_control={"type": "ephemeral"}
        ),
        "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    ),
    "a mark on nothing": (
        request(user(marked(said("")))),
        "messages.0.content.0: cache_control cannot be set for empty text blocks",
    ),
    "a short life before a long one": (
        request(user(marked(said("a"), "1h")), system=[marked(said("s"))]),
        "messages.0.content.0.cache_control.ttl: a ttl='1h' cache_control block must not come after",
    ),
    "an automatic mark of another life": (
        request(user(marked(said("a"), "1h")), cache_control={"type": "ephemeral"}),
        "cache_control.ttl: the last block already has a cache_control with a different ttl",
    ),
    "too much output": (
        request(user()) | {"max_tokens": 200_000},
        "max_tokens: 200000 > 128000, which is the maximum allowed number of output tokens for claude-opus-5-5",
    ),
    "too long a prompt": (
        request(user(text="word " * 161_000), model="claude-haiku-4-5"),
        "prompt is too long: 201256 tokens > 200000 maximum",
    ),
    "too many images": (request(user(*[IMAGE] * 601)), "messages: too many images: 601 > 600"),
    "too many strict tools": (
        request(user(), tools=[tool(f"t{at}", strict=True) for at in range(21)]),
        "tools: too many tools in strict tools: 21 > 20",
    ),
    "an open strict schema": (
        request(user(), tools=[{"name": "a", "input_schema": {"type": "object"}, "strict": True}]),
        "tools.0.custom: For 'object' type, 'additionalProperties' must be explicitly set to false",
    ),
    "too many optional parameters": (
        request(
            user(),
            tools=[
                tool(strict=True) | {"input_schema": GOOD | {"properties": {str(at): {} for at in range(25)}}}
            ],
        ),
        "too many optional parameters in strict tools: 25 > 24",
    ),
    "too many unions": (
        request(
            user(),
            tools=[
                tool(strict=True)
                | {"input_schema": GOOD | {"properties": {str(at): UNION for at in range(17)}}}
            ],
        ),
        "too many union parameters in strict tools: 17 > 16",
    ),
    "a compaction in the middle": (
        request(user(), assistant(compacted()), user()),
        "messages.1: a `compaction` block must be the only block of the first message",
    ),
    "a compaction that was edited": (
        request(assistant(compacted(signature="forged")), user()),
        "messages.0.content.0: Invalid `signature` in `compaction` block",
    ),
    "compaction with stop sequences": (
        request(user(), compaction={"type": "summarize"}, stop_sequences=["x"]),
        "compaction: cannot be combined with `stop_sequences`",
    ),
    "compaction with an open call": (
        request(user(), assistant(call()), compaction={"type": "summarize"}),
        "compaction: the conversation ends in `tool_use` blocks without results: toolu_1",
    ),
}


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT)
def test_a_right_request_breaks_no_rule(body: dict[str, Any]) -> None:
    assert (shape.check(body), rules.check(body)) == ([], [])


@pytest.mark.parametrize(("body", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_named(body: dict[str, Any], words: str) -> None:
    assert shape.check(body) == []
    assert any(words in one for one in rules.check(body)), rules.check(body)


@pytest.mark.parametrize(
    ("schema", "wrong"),
    [
        (GOOD, []),
        ({"type": "array", "items": GOOD}, []),
        (
            {"type": "object", "properties": {}},
            [
                "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false"
            ],
        ),
        (
            GOOD | {"properties": {"a": {"type": "string", "maxLength": 3}}},
            ["output_config.format.schema.properties.a: property 'maxLength' is not supported"],
        ),
        (
            GOOD | {"properties": {"a": {"$ref": "#"}}},
            ["output_config.format.schema.properties.a: recursive schemas are not supported"],
        ),
    ],
)
def test_the_schema_of_an_answer_is_closed_without_bounds_and_without_recursion(schema, wrong):
    config = {"format": {"type": "json_schema", "schema": schema}}
    body = {"model": "claude-haiku-5-5", "max_tokens": 9, "messages": [user()], "output_config": config}
    assert rules.check(body) == wrong
