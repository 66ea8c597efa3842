"""What a call cost follows from the tokens the API reports, or is unknown; it is never guessed."""

from __future__ import annotations

import pytest

from bot.domain.turn import Usage
from bot.model import prices, usage

MILLION = 1_000_000


def test_each_kind_of_token_has_its_price():
    counts = {
        "input_tokens": MILLION,
        "output_tokens": MILLION,
        "cache_creation_input_tokens": 2 * MILLION,
        "cache_creation": {"ephemeral_5m_input_tokens": MILLION, "ephemeral_1h_input_tokens": MILLION},
        "cache_read_input_tokens": MILLION,
    }
    assert prices.cost("claude-opus-5-5", counts) == pytest.approx(4 + 20 + 5 + 8 + 0.2)


def test_a_cache_write_without_its_split_counts_as_five_minutes():
    counts = {"input_tokens": 0, "output_tokens": 0, "cache_creation_input_tokens": MILLION}
    assert prices.cost("claude-sonnet-5-5", counts) == pytest.approx(2.5)


def test_iterations_are_the_bill_where_there_are_any():
    counts = {
        "input_tokens": 10,
        "output_tokens": 10,
        "iterations": [
            {"type": "compaction", "input_tokens": MILLION, "output_tokens": 0},
            {"type": "message", "model": None, "input_tokens": 0, "output_tokens": MILLION},
            {
                "type": "fallback_message",
                "model": "claude-sonnet-5-5",
                "input_tokens": MILLION,
                "output_tokens": 0,
            },
        ],
    }
    assert prices.cost("claude-opus-5-5", counts) == pytest.approx(4 + 20 + 2)
    assert usage.total("claude-opus-5-5", [counts]).input_tokens == 2 * MILLION


@pytest.mark.parametrize(("prompt", "dollars"), [(100_000, 0.01), (100_001, 0.0500005)])
def test_a_long_prompt_has_a_price_of_its_own(prompt, dollars):
    counts = {"input_tokens": prompt, "output_tokens": 0}
    assert prices.cost("claude-haiku-5-5", counts) == pytest.approx(dollars)


@pytest.mark.parametrize(
    ("model", "counts"),
    [
        ("qwen3:8b", {"input_tokens": 1, "output_tokens": 1}),
        ("claude-fable-5-2", {"input_tokens": 1, "output_tokens": 1}),
        ("claude-haiku-5-5", {"input_tokens": 1, "output_tokens": 1, "cache_read_input_tokens": 1}),
        ("claude-opus-5-5", {"input_tokens": 1, "output_tokens": 1, "speed": "fast"}),
    ],
)
def test_a_price_nobody_knows_is_none(model, counts):
    assert prices.cost(model, counts) is None


def test_searches_and_the_place_of_inference_cost_extra():
    counts = {
        "input_tokens": MILLION,
        "output_tokens": 0,
        "inference_geo": "us",
        "server_tool_use": {"web_search_requests": 3},
    }
    assert prices.cost("claude-opus-5-5", counts) == pytest.approx(4.4 + 0.03)


def test_the_usage_of_a_turn_is_that_of_all_its_answers():
    one = {
        "input_tokens": 1,
        "output_tokens": 2,
        "cache_read_input_tokens": 3,
        "cache_creation_input_tokens": 4,
    }
    assert usage.total("claude-opus-5-5", [one, one]) == Usage(
        input_tokens=2,
        output_tokens=4,
        cache_read_tokens=6,
        cache_write_tokens=8,
        dollars=pytest.approx(2 * (4 + 40 + 0.6 + 20) / MILLION),
    )
    assert usage.total("unknown", [one]).dollars is None
