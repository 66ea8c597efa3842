"""Which test is run when: what may take longest is begun first, so that no process is left alone with it at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import TypeVar

Test = TypeVar("Test")


def dealt(tests: Sequence[Test], patience: Callable[[Test], float], processes: int) -> list[Test]:
    """In as many parts of one length as there are processes, the way in which `--dist worksteal` hands them out.

    `patience` is in seconds, 0 for a test that takes no longer than most. Those are left in their order.
    """
    long = sorted(filter(patience, tests), key=patience, reverse=True)
    short = iter([test for test in tests if not patience(test)])
    order: list[Test] = []
    for part in range(processes):
        own = long[part::processes]
        length = (len(tests) - len(order)) // (processes - part)
        order += [*own, *islice(short, max(0, length - len(own)))]
    return [*order, *short]
