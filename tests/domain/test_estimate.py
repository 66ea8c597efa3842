"""What a plan will take is the median for a step, times its steps; nothing is said of what is not known."""

from __future__ import annotations

import pytest

from bot.domain.estimate import ENOUGH, Estimate, Took, estimate

USUAL = Took(steps=4, minutes=8.0, dollars=0.4)
FREAK = Took(steps=1, minutes=600.0, dollars=90.0)


def test_one_task_that_ran_away_does_not_change_what_is_usual():
    found = estimate(10, [FREAK, *[USUAL] * ENOUGH])
    assert found is not None
    assert (found.minutes, found.dollars, found.tasks) == (
        pytest.approx(20.0),
        pytest.approx(1.0),
        ENOUGH + 1,
    )


@pytest.mark.parametrize(
    ("steps", "past"),
    [
        (0, [USUAL] * 20),
        (3, [USUAL] * (ENOUGH - 1)),
        (3, [*[USUAL] * (ENOUGH - 1), Took(steps=0, minutes=3.0, dollars=0.1)]),
    ],
    ids=["no plan", "too few tasks", "a task without a plan is none to judge by"],
)
def test_nothing_is_said_where_there_is_nothing_to_judge_by(steps, past):
    assert estimate(steps, past) is None


def test_a_price_that_is_not_known_of_one_is_not_known_of_all():
    found = estimate(2, [*[USUAL] * ENOUGH, Took(steps=2, minutes=1.0, dollars=None)])
    assert found is not None
    assert found.dollars is None


@pytest.mark.parametrize(
    ("minutes", "dollars", "is_long"), [(9.9, 0.99, False), (10.0, None, True), (1.0, 1.0, True)]
)
def test_ten_minutes_or_a_dollar_are_long(minutes, dollars, is_long):
    assert Estimate(minutes=minutes, dollars=dollars, tasks=9).is_long is is_long
