"""What a plan will take, judged by what finished tasks took for each step of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

ENOUGH = 5
"""Of fewer tasks nothing is said: that would be a guess."""


@dataclass(frozen=True, kw_only=True)
class Took:
    """What one finished task took in all; `dollars` is None where the price is not known."""

    steps: int
    minutes: float
    dollars: float | None


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """`minutes` of work, waiting left out. `tasks` is how many it is judged by."""

    minutes: float
    dollars: float | None
    tasks: int

    @property
    def is_long(self) -> bool:
        """Worth saying before it begins: ten minutes of work, or a dollar."""
        return self.minutes >= 10 or (self.dollars or 0) >= 1


def estimate(steps: int, past: Sequence[Took]) -> Estimate | None:
    """The median for each step, times the steps; None without a plan or without enough tasks to judge by."""
    known = [one for one in past if one.steps]
    if not steps or len(known) < ENOUGH:
        return None
    prices = [one.dollars / one.steps for one in known if one.dollars is not None]
    return Estimate(
        minutes=steps * median(one.minutes / one.steps for one in known),
        dollars=steps * median(prices) if len(prices) == len(known) else None,
        tasks=len(known),
    )
