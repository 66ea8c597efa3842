"""The order of the tests is itself tested: none is lost, and the long ones begin."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.longest_first import dealt

PATIENCE = {"kill": 3600.0, "dojo": 1800.0, "story": 300.0}


def patience(test: str) -> float:
    return PATIENCE.get(test, 0.0)


def test_each_process_begins_with_the_longest_that_is_left() -> None:
    tests = ["a", "story", "b", "dojo", "c", "d", "kill"]

    assert dealt(tests, patience, 1) == ["kill", "dojo", "story", "a", "b", "c", "d"]
    assert dealt(tests, patience, 2) == ["kill", "story", "a", "dojo", "b", "c", "d"]


@given(st.lists(st.sampled_from([*PATIENCE, "a", "b"])), st.integers(1, 4))
def test_every_test_is_run_once(tests: list[str], processes: int) -> None:
    assert Counter(dealt(tests, patience, processes)) == Counter(tests)
