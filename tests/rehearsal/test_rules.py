"""The rules of roles, calls, contents and tools, each once kept and once broken."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rehearsal import rules, shape

GOOD = {"type": "object", "properties": {}, "additionalProperties": False}


def tool(name: str = "look", **more: Any) -> dict[str, Any]:
    return {"name": name, "input_schema": GOOD, **more}


def said(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, **more}


def user(*blocks: Any, text: str = "hello") -> dict[str, Any]:
    return {"role": "user", "content": list(blocks) or [said(text)]}


def assistant(*blocks: Any, text: str = "well") -> dict[str, Any]:
    return {"role": "assistant", "content": list(blocks) or [said(text)]}


def fact(text: str = "It is noon.", **more: Any) -> dict[str, Any]:
    return {"role": "system", "content": [said(text)], **more}


def call(id: str = "toolu_1", name: str = "look") -> dict[str, Any]:
    return {"type": "tool_use", "id": id, "name": name, "input": {}}


def search(id: str = "srvtoolu_1") -> dict[str, Any]:
    return {"type": "server_tool_use", "id": id, "name": "web_search", "input": {"query": "x"}}


def found(id: str = "srvtoolu_1") -> dict[str, Any]:
    return {"type": "web_search_tool_result", "tool_use_id": id, "content": []}


def result(id: str = "toolu_1", content: Any = "done") -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": id, "content": content}


def request(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"model": "claude-opus-5-5", "max_tokens": 1000, "messages": list(messages), **more}


THOUGHT = {"type": "thinking", "thinking": "", "signature": "s"}
DOCUMENT = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x"}}
CITED = {
    "type": "char_location",
    "cited_text": "x",
    "document_index": 0,
    "document_title": None,
    "start_char_index": 0,
    "end_char_index": 1,
}

KEPT = {
    "one user message": request(user()),
    "content as a string": request({"role": "user", "content": "hello"}),
    "a fact after the user": request(user(), fact()),
    "a fact after results, before the assistant": request(
        user(), assistant(call()), user(result()), fact(), assistant(), user(), tools=[tool()]
    ),
    "a fact after a server tool's result": request(user(), assistant(search(), found()), fact()),
    "parallel calls answered in one message, then text": request(
        user(),
        assistant(call("toolu_1"), call("toolu_2")),
        user(result("toolu_1"), result("toolu_2"), said("and hurry")),
        tools=[tool()],
    ),
    "an open server tool may end the request": request(user(), assistant(said("wait"), search())),
    "user turns in a row": request(user(), user(text="one more thing")),
    "only some tools deferred": request(user(), tools=[tool("a"), tool("b", defer_loading=True)]),
    "a free choice": request(user(), tools=[tool()], tool_choice={"type": "auto"}),
    "an older model may be forced": request(
        user(), tools=[tool()], tool_choice={"type": "tool", "name": "look"}, model="claude-haiku-4-5"
    ),
    "a reference to a declared tool": request(
        user(),
        assistant(call()),
        user(result(content=[{"type": "tool_reference", "tool_name": "later"}])),
        tools=[tool(), tool("later", defer_loading=True)],
    ),
    "a removal of a declared tool": request(
        user(),
        {
            "role": "system",
            "content": [{"type": "tool_removal", "tool": {"type": "tool_reference", "name": "look"}}],
        },
        tools=[tool()],
    ),
    "adaptive thinking": request(user(), thinking={"type": "adaptive", "display": "summarized"}),
    "notes between tools on Sonnet": request(
        user(), thinking={"type": "between_tools"}, model="claude-sonnet-5-5"
    ),
    "an effort without words": request(
        user(), {"role": "system", "content": [], "output_config": {"effort": "low"}}
    ),
}

BROKEN = {
    "no message": (request(), "messages: at least one message is required"),
    "first is assistant": (request(assistant(), user()), 'first message must use the "user" role'),
    "first is system": (request(fact(), user()), "messages.0: a `system` message must directly follow"),
    "a fact after the assistant": (
        request(user(), assistant(), fact()),
        "messages.2: a `system` message must directly follow",
    ),
    "a fact between user messages": (
        request(user(), fact(), user()),
        "messages.1: a `system` message must directly follow",
    ),
    "a fact on an older model": (
        request(user(), fact(), model="claude-sonnet-5"),
        "messages.1.role: `system` messages are not supported by claude-sonnet-5",
    ),
    "a prefill": (request(user(), assistant()), "does not support assistant message prefill"),
    "a prefill after a closed server tool's text": (
        request(user(), assistant(search(), found(), said("so"))),
        "does not support assistant message prefill",
    ),
    "a call without a result": (
        request(user(), assistant(call("toolu_9")), user()),
        "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_9",
    ),
    "a result after text": (
        request(user(), assistant(call()), user(said("first"), result())),
        "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1",
    ),
    "a result too late": (
        request(user(), assistant(call()), user(), user(result())),
        "messages.3.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1",
    ),
    "a result of nothing": (
        request(user(result("toolu_7"))),
        "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_7",
    ),
    "two results": (
        request(user(), assistant(call()), user(result(), result())),
        "messages.2.content.1: each tool_use must have a single result",
    ),
    "an id used twice": (
        request(user(), assistant(call()), user(result()), assistant(call()), user(result())),
        "messages.3.content.0: `tool_use` ids must be unique",
    ),
    "words beside an open server tool": (
        request(user(), assistant(call(), search()), user(result(), said("hm"))),
        "messages.2: after a turn with an open server tool",
    ),
    "no content": (request(user(), {"role": "user", "content": []}), "messages.1: all messages must have"),
    "an empty text": (request(user(said(""))), "messages: text content blocks must be non-empty"),
    "a blank text": (request(user(said(" \n"))), "text content blocks must contain non-whitespace text"),
    "an empty text in a result": (
        request(user(), assistant(call()), user(result(content=[said("")]))),
        "messages: text content blocks must be non-empty",
    ),
    "a call by the user": (
        request(user(call())),
        "messages.0.content.0: `tool_use` blocks can only be in `assistant` messages",
    ),
    "thinking by the user": (
        request(user(THOUGHT)),
        "messages.0.content.0: `thinking` blocks can only be in `assistant` messages",
    ),
    "a result by the assistant": (
        request(user(), assistant(result()), user()),
        "messages.1.content.0: `tool_result` blocks can only be in `user` messages",
    ),
    "a document by the assistant": (
        request(user(), assistant(DOCUMENT), user()),
        "messages.1.content.0: `document` blocks are not allowed in `assistant` messages",
    ),
    "citations by the user": (
        request(user(said("x", citations=[CITED]))),
        "messages.0.content.0.citations: citations are not allowed on `user` text blocks",
    ),
    "a tool's name": (request(user(), tools=[tool("look here")]), "tools.0.custom.name: String should match"),
    "two tools of a name": (request(user(), tools=[tool(), tool()]), "tools: Tool names must be unique."),
    "a schema of no object": (
        request(user(), tools=[{"name": "look", "input_schema": {"type": "string"}}]),
        "tools.0.custom.input_schema.type: Input should be 'object'",
    ),
    "all tools deferred": (request(user(), tools=[tool(defer_loading=True)]), "At least one tool must have"),
    "a mark on a deferred tool": (
        request(
            user(), tools=[tool("a"), tool("b", defer_loading=True, cache_control={"type": "ephemeral"})]
        ),
        "tools.1: Tools with defer_loading cannot use prompt caching",
    ),
    "a forced tool": (
        request(user(), tools=[tool()], tool_choice={"type": "any"}),
        'tool_choice: `type` "any" is not supported by claude-opus-5-5',
    ),
    "a choice among nothing": (request(user(), tool_choice={"type": "auto"}), "while providing `tools`"),
    "a reference to an unknown tool": (
        request(
            user(),
            assistant(call()),
            user(result(content=[{"type": "tool_reference", "tool_name": "gone"}])),
            tools=[tool()],
        ),
        "messages.2.content.0: Tool reference 'gone' not found in available tools",
    ),
    "manual thinking": (
        request(user(), thinking={"type": "enabled", "budget_tokens": 2000}),
        'thinking.type: "enabled" is not supported by claude-opus-5-5',
    ),
    "no thinking": (request(user(), thinking={"type": "disabled"}), 'thinking.type: "disabled" is not'),
}


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT)
def test_a_right_request_breaks_no_rule(body: dict[str, Any]) -> None:
    assert (shape.check(body), rules.check(body)) == ([], [])


@pytest.mark.parametrize(("body", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_named(body: dict[str, Any], words: str) -> None:
    assert shape.check(body) == []
    assert any(words in one for one in rules.check(body)), rules.check(body)
