"""The double as the real SDK sees it: streams, parallel calls, models, counting, compaction."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anthropic
import httpx2
import pytest

from bot.rehearsal import rules, shape
from bot.rehearsal.answer import Answer, calls, text
from bot.rehearsal.script import Script, turns
from bot.rehearsal.server import ModelDouble

TOOLS = [{"name": name, "input_schema": {"type": "object"}} for name in ("list_folder", "read_file")]
GO = {"role": "user", "content": [{"type": "text", "text": "Go"}]}
LOOK = calls(
    ("read_file", {"path": "ä/b", "limit": 3}), ("list_folder", {"path": "x"}), say="I will look. Ünder."
)


def client(double: ModelDouble) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key="k", base_url=double.url, max_retries=0)


def turn(double: ModelDouble, *messages: Any, **more: Any) -> dict[str, Any]:
    request = {"model": "claude-opus-5-5", "max_tokens": 1000, "tools": TOOLS, "messages": messages, **more}
    with client(double).beta.messages.stream(**request) as stream:
        return stream.get_final_message().to_dict(mode="json", warnings=False)


def answered(message: dict[str, Any]) -> list[dict[str, Any]]:
    results = [
        {"type": "tool_result", "tool_use_id": block["id"], "content": [{"type": "text", "text": "done"}]}
        for block in message["content"]
        if block["type"] == "tool_use"
    ]
    return [{"role": "assistant", "content": message["content"]}, {"role": "user", "content": results}]


@pytest.fixture
def working() -> Iterator[ModelDouble]:
    with ModelDouble(turns(LOOK, text("Done."))) as double:
        yield double
    assert double.invalid == []


def test_parallel_calls_arrive_whole_and_are_answered(working: ModelDouble) -> None:
    first = turn(working, GO)
    second = turn(working, GO, *answered(first))

    said = [{key: value for key, value in block.items() if key != "id"} for block in first["content"]]
    assert said == LOOK.content
    assert (first["stop_reason"], second["stop_reason"]) == ("tool_use", "end_turn")
    assert second["content"] == [{"type": "text", "text": "Done."}]
    assert working.requests[0]["messages"] == [GO]
    assert working.headers[0]["authorization"] == "Bearer k"


def test_a_stream_has_the_events_of_the_real_one(working: ModelDouble) -> None:
    body = {"model": "claude-opus-5-5", "max_tokens": 9, "tools": TOOLS, "messages": [GO], "stream": True}
    headers = {"x-api-key": "k", "anthropic-version": "2026-10-21"}
    answer = httpx2.post(f"{working.url}/v1/messages?beta=true", json=body, headers=headers)

    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    kinds = [event["type"] for event in events]
    tool = ["content_block_start", *["content_block_delta"] * 4, "content_block_stop"]
    words = ["content_block_start", *["content_block_delta"] * 3, "content_block_stop"]
    assert kinds == ["message_start", "ping", *words, *tool, *tool, "message_delta", "message_stop"]
    assert events[0]["message"]["content"] == [] and events[0]["message"]["stop_reason"] is None
    assert events[-2]["delta"] == {"stop_reason": "tool_use", "stop_sequence": None, "stop_details": None}
    assert answer.headers["request-id"].startswith("req_")


def test_without_streaming_the_same_message_comes_as_json(working: ModelDouble) -> None:
    message = client(working).beta.messages.create(
        model="claude-opus-5-5", max_tokens=9, tools=TOOLS, messages=[GO]
    )
    assert [block.type for block in message.content] == ["text", "tool_use", "tool_use"]
    assert message.to_dict(mode="json") == {**working.answers[0]}


def test_models_say_what_they_can_do(working: ModelDouble) -> None:
    model = client(working).beta.models.retrieve("claude-sonnet-5-5")
    listed = [model.id for model in client(working).beta.models.list()]

    assert (model.lifecycle, model.line, model.max_input_tokens, model.max_tokens) == (
        "active",
        "sonnet",
        1_000_000,
        128_000,
    )
    assert model.capabilities is not None
    kinds = model.capabilities.thinking.types
    assert (kinds.adaptive.supported, kinds.between_tools.supported, kinds.disabled.supported) == (
        True,
        True,
        False,
    )
    assert "claude-opus-5-5" in listed
    with pytest.raises(anthropic.NotFoundError):
        client(working).beta.models.retrieve("claude-2")


def test_counting_tokens_is_what_a_turn_then_uses(working: ModelDouble) -> None:
    counted = client(working).beta.messages.count_tokens(model="claude-opus-5-5", tools=TOOLS, messages=[GO])
    usage = turn(working, GO)["usage"]
    assert counted.input_tokens == usage["input_tokens"] > 0


def test_compaction_opens_a_new_epoch() -> None:
    script = Script([text("We did much."), text("Going on.")])
    with ModelDouble(script) as double:
        summary = turn(double, GO, compaction={"type": "summarize"}, betas=["compact-2026-09-04"])
        after = turn(double, {"role": "assistant", "content": summary["content"]}, GO)

    assert summary["stop_reason"] == "compaction"
    assert [(block["type"], block["content"]) for block in summary["content"]] == [
        ("compaction", "We did much.")
    ]
    assert after["content"] == [{"type": "text", "text": "Going on."}]
    assert double.invalid == []


def test_a_wrong_request_is_refused_and_remembered() -> None:
    with ModelDouble(turns(text("hm"))) as double, pytest.raises(anthropic.BadRequestError) as refused:
        turn(double, GO, {"role": "assistant", "content": [{"type": "text", "text": "I"}]})
    assert refused.value.type == "invalid_request_error"
    assert (refused.value.request_id or "").startswith("req_")
    assert double.invalid == [
        "This model does not support assistant message prefill. The conversation must end with a user message."
    ]


@pytest.mark.parametrize(
    ("headers", "status", "message"),
    [
        ({"anthropic-version": "2026-10-21"}, 401, "x-api-key header is required"),
        ({"x-api-key": "k"}, 400, "anthropic-version: header is required"),
    ],
)
def test_a_caller_without_credential_or_version_is_turned_away(
    headers: dict[str, str], status: int, message: str
) -> None:
    body = {"model": "claude-opus-5-5", "max_tokens": 9, "messages": [GO]}
    with ModelDouble(turns(text("hm"))) as double:
        answer = httpx2.post(f"{double.url}/v1/messages", json=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["message"]) == (status, message)
    assert answer.json()["request_id"] == answer.headers["request-id"]


def test_a_beta_field_needs_its_beta() -> None:
    extra = "compaction: Extra inputs are not permitted"
    with ModelDouble(turns(text("hm"))) as double, pytest.raises(anthropic.BadRequestError, match=extra):
        turn(double, GO, compaction={"type": "summarize"})


def test_an_unknown_model_is_not_found() -> None:
    with ModelDouble(turns(text("hm"))) as double, pytest.raises(anthropic.NotFoundError, match="model: gpt"):
        turn(double, GO, model="gpt")


def test_a_mind_that_fails_is_told_apart() -> None:
    with ModelDouble(Script([])) as double, pytest.raises(anthropic.BadRequestError, match="no answer fits"):
        turn(double, GO)
    assert "ScriptExhausted" in double.invalid[0]


def test_eight_conversations_at_once_do_not_mix() -> None:
    def mind(request: dict[str, Any]) -> Answer:
        name = request["messages"][0]["content"][0]["text"]
        done = len(request["messages"]) > 6
        return text(f"{name} done") if done else calls(("read_file", {"path": name}))

    together = threading.Barrier(8)

    def conversation(number: int) -> str:
        messages: list[Any] = [{"role": "user", "content": [{"type": "text", "text": f"task {number}"}]}]
        together.wait(60)
        while (said := turn(double, *messages))["stop_reason"] == "tool_use":
            assert said["content"][0]["input"] == {"path": f"task {number}"}
            messages += answered(said)
        return str(said["content"][0]["text"])

    with ModelDouble(mind) as double, ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(conversation, range(8)))
    assert ends == [f"task {number} done" for number in range(8)]
    assert (len(double.requests), double.invalid) == (32, [])


def test_a_script_answers_a_story_told_again_alike_and_waits_for_its_cue() -> None:
    def about_it(request: dict[str, Any]) -> bool:
        return "it" in request["messages"][0]["content"][0]["text"]

    it = {"role": "user", "content": [{"type": "text", "text": "about it"}]}
    script = Script([(about_it, text("it")), text("first"), text("second")])
    with ModelDouble(script) as double:
        said = [turn(double, *story)["content"][0]["text"] for story in ([GO], [GO], [it], [GO, GO])]
    assert said == ["first", "first", "it", "second"]


def test_an_answer_cut_off_by_the_script_is_given_once() -> None:
    cut = Answer(content=[{"type": "text", "text": "half"}], stop_reason="max_tokens")
    with ModelDouble(Script([cut, text("whole")])) as double:
        said = [turn(double, GO, max_tokens=cap) for cap in (10, 20)]
    assert [one["stop_reason"] for one in said] == ["max_tokens", "end_turn"]


def test_the_checks_can_stand_before_the_client() -> None:
    found: list[str] = []

    def checked(request: Any, call_next: Any) -> Any:
        if request.method == "post":
            body = json.loads(json.dumps(request.json))
            found.extend(shape.check(body) or rules.check(body))
        return call_next(request)

    with ModelDouble(turns(text("fine")), strict=False) as double:
        watched = client(double).with_options(middleware=[checked])
        for content in ("hello", " "):
            messages = [{"role": "user", "content": content}]
            watched.beta.messages.create(model="claude-opus-5-5", max_tokens=5, messages=messages)
    assert found == ["messages: text content blocks must contain non-whitespace text"]


def test_no_output_only_warms_the_cache() -> None:
    with ModelDouble(Script([])) as double:
        warmed = turn(double, GO, max_tokens=0)
    assert (warmed["content"], double.invalid) == ([], [])


def test_unchecked_anything_goes() -> None:
    with ModelDouble(turns(text("fine")), strict=False) as double:
        assert turn(double, GO, model="anything")["content"] == [{"type": "text", "text": "fine"}]
    assert double.invalid == []


def test_a_port_can_be_taken_again_at_once() -> None:
    double = ModelDouble(turns(text("fine")))
    url = double.start()
    turn(double, GO)
    double.stop()
    assert double.start(int(url.rsplit(":", 1)[1])) == url
    assert turn(double, GO)["stop_reason"] == "end_turn"
    double.stop()
