"""Steps and figures as people would have chosen them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.goals.steps import figure, round_steps
from tests import laws


@pytest.mark.parametrize(
    ("least", "most", "is_whole", "steps"),
    [
        (1, 50_000, True, [f"{5_000 * one}" for one in range(1, 11)]),
        (3, 13, True, [f"{one}" for one in range(3, 14)]),
        (0, 2, False, ["0.2", "0.4", "0.6", "0.8", "1", "1.2", "1.4", "1.6", "1.8", "2"]),
        (-3, 6.5, False, ["-2", "-1", "0", "1", "2", "3", "4", "5", "6", "7"]),
        (5, 5, True, ["5"]),
    ],
)
def test_steps_are_round(least: float, most: float, is_whole: bool, steps: list[str]) -> None:
    assert round_steps(least, most, 10, is_whole=is_whole) == steps


@laws.HOUSE
@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e9), st.booleans())
def test_every_number_has_a_step_and_there_are_not_many(least: float, width: float, is_whole: bool) -> None:
    if is_whole:
        least, width = round(least), round(width) + 1
    steps = [float(one) for one in round_steps(least, least + width, 16, is_whole=is_whole)]
    assert steps == sorted(set(steps)) and len(steps) <= 18
    assert steps[0] >= least
    assert steps[-1] >= least + width or abs(steps[-1] / (least + width) - 1) < 1e-9


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1000000000000.0", "1,000,000,000,000"),
        ("3703.7034000000003", "3703.7034"),
        ("2026", "2026"),
        ("-12345.60", "-12,345.6"),
        ("5e-05", "5e-05"),
        ("01067 Dresden", "01067 Dresden"),
        ("2026-01-02", "2026-01-02"),
        ("", ""),
    ],
)
def test_figures_are_read_at_a_glance_and_words_stay(text: str, read: str) -> None:
    assert figure(text) == read
