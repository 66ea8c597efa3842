"""The prompt cache: what is read and written, for how long, and why it was missed."""

from __future__ import annotations

from typing import Any

import anthropic
import pytest

from bot.rehearsal import prompt
from bot.rehearsal.answer import calls, text
from bot.rehearsal.cache import Cache, Clock
from bot.rehearsal.server import ModelDouble

LONG = {"type": "ephemeral", "ttl": "1h"}
SHORT = {"type": "ephemeral", "ttl": "5m"}


def said(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def body(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    system = [said("s" * 4000, cache_control=LONG)]
    return {
        "model": "claude-opus-5-5",
        "system": system,
        "messages": [{"role": "user", "content": list(blocks)}],
        "cache_control": SHORT,
        **more,
    }


def used(cache: Cache, request: dict[str, Any], shortest: int = 100) -> tuple[int, int, int, int]:
    account = cache.account(request, prompt.blocks(request), shortest)
    cache.begin(account)
    return account.read, account.written_1h, account.written_5m, account.rest


SYSTEM = prompt.total(body())
WORDS = prompt.total(body(said("w" * 2000))) - SYSTEM


def words(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [said(f"{at:04}" + "w" * 1996) for at in range(start, start + count)]


def test_what_one_request_writes_the_next_one_reads() -> None:
    cache = Cache(Clock())
    assert used(cache, body(*words(1))) == (0, SYSTEM, WORDS, 0)
    assert used(cache, body(*words(2))) == (SYSTEM + WORDS, 0, WORDS, 0)


def test_without_marks_nothing_is_kept() -> None:
    cache = Cache(Clock())
    plain = body(*words(1), cache_control=None, system="s")
    assert used(cache, plain) == used(cache, plain) == (0, 0, 0, prompt.total(plain))


def test_a_prefix_below_the_minimum_is_not_cached() -> None:
    cache = Cache(Clock())
    assert used(cache, body(*words(1)), shortest=SYSTEM + 1) == (0, 0, SYSTEM + WORDS, 0)
    assert used(cache, body(*words(1)), shortest=10_000) == (0, 0, 0, SYSTEM + WORDS)


@pytest.mark.parametrize(("gap", "read"), [(299, SYSTEM + WORDS), (301, SYSTEM), (3601, 0)])
def test_a_short_entry_dies_before_a_long_one(gap: int, read: int) -> None:
    clock = Clock()
    cache = Cache(clock)
    used(cache, body(*words(1)))
    clock.advance(gap)
    assert used(cache, body(*words(1)))[0] == read


def test_reading_refreshes() -> None:
    clock = Clock()
    cache = Cache(clock)
    for _ in range(4):
        latest = used(cache, body(*words(1)))
        clock.advance(200)
    assert latest == (SYSTEM + WORDS, 0, 0, 0)


@pytest.mark.parametrize(("more", "read"), [(19, SYSTEM + WORDS), (20, SYSTEM)])
def test_a_mark_looks_back_twenty_blocks(more: int, read: int) -> None:
    cache = Cache(Clock())
    used(cache, body(*words(1)))
    assert used(cache, body(*words(1 + more)))[0] == read


def test_a_mark_on_the_end_of_the_previous_request_bridges_many_blocks() -> None:
    cache = Cache(Clock())
    used(cache, body(*words(1)))
    bridged = [words(1)[0] | {"cache_control": SHORT}, *words(30, start=1)]
    assert used(cache, body(*bridged))[0] == SYSTEM + WORDS


@pytest.mark.parametrize("change", [{"model": "claude-sonnet-5-5"}, {"output_config": {"effort": "low"}}])
def test_another_model_or_effort_reads_nothing(change: dict[str, Any]) -> None:
    cache = Cache(Clock())
    used(cache, body(*words(1)))
    assert used(cache, body(*words(1), **change))[0] == 0


def test_an_entry_is_not_read_before_its_answer_began() -> None:
    cache = Cache(Clock())
    request = body(*words(1))
    first = cache.account(request, prompt.blocks(request), 100)
    assert cache.account(request, prompt.blocks(request), 100).read == 0
    cache.begin(first)
    assert cache.account(request, prompt.blocks(request), 100).read == SYSTEM + WORDS


def test_usage_and_diagnosis_travel_with_the_message() -> None:
    tools = [{"name": "look", "input_schema": {"type": "object"}}]
    shared = {"max_tokens": 10, "system": [said("s" * 4000, cache_control=LONG)], "tools": tools}
    go = {"role": "user", "content": words(1)}

    def turn(previous: str | None, *messages: Any, **more: Any) -> dict[str, Any]:
        asked = {
            "model": "claude-opus-5-5",
            "diagnostics": {"previous_message_id": previous},
            "messages": messages,
        }
        with client.beta.messages.stream(**{**shared, **asked, **more}) as stream:
            return stream.get_final_message().to_dict(mode="json", warnings=False)

    with ModelDouble(lambda request: text("Done.")) as double:
        client = anthropic.Anthropic(api_key="k", base_url=double.url, max_retries=0)
        first = turn(None, go, cache_control=SHORT)
        id = first["id"]
        kept = turn(id, go, go, cache_control=SHORT)
        missed = [
            turn(id, go, model="claude-sonnet-5-5"),
            turn(id, go, system="other"),
            turn(id, go, tools=[{**tools[0], "description": "x"}]),
            turn(id, {"role": "user", "content": words(1, start=7)}),
            turn("msg_unknown", go),
        ]

    assert first["usage"]["cache_creation"]["ephemeral_5m_input_tokens"] == WORDS
    written = first["usage"]["cache_creation_input_tokens"]
    assert kept["usage"]["cache_read_input_tokens"] == written
    assert (first.get("diagnostics"), kept.get("diagnostics")) == (None, None)
    reasons = [one["diagnostics"]["cache_miss_reason"] for one in missed]
    assert reasons == [
        *(
            {"type": f"{part}_changed", "cache_missed_input_tokens": written}
            for part in ("model", "system", "tools", "messages")
        ),
        {"type": "previous_message_not_found"},
    ]
    assert double.invalid == []


@pytest.mark.parametrize(("bridged", "low", "high"), [(True, 0.95, 1.0), (False, 0.0, 0.35)])
def test_twelve_parallel_calls_a_step_need_the_mark_on_the_previous_request(
    bridged: bool, low: float, high: float
) -> None:
    cache = Cache(Clock())
    messages: list[dict[str, Any]] = [{"role": "user", "content": words(1)}]
    step = calls(*[("look", {"at": at}) for at in range(12)])
    read = total = 0
    for at in range(60):
        request = body(messages=messages)
        usage = used(cache, request)
        read, total = read + usage[0], total + sum(usage)
        if bridged:
            for message in messages:
                message["content"][-1].pop("cache_control", None)
            messages[-1]["content"][-1]["cache_control"] = SHORT
        messages = [*messages, *_answered(step.content, at)]
    assert low <= read / total <= high


def _answered(content: list[dict[str, Any]], step: int) -> list[dict[str, Any]]:
    ids = [f"toolu_{step}_{at}" for at in range(len(content))]
    asked = [{**block, "id": id} for block, id in zip(content, ids, strict=True)]
    results = [{"type": "tool_result", "tool_use_id": id, "content": [said("r" * 800)]} for id in ids]
    return [{"role": "assistant", "content": asked}, {"role": "user", "content": results}]
