"""The token counts of a turn, summed over every answer that it took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.turn import Usage
from bot.model import prices

Counts = Mapping[str, Any]


def total(model: str, answers: Iterable[Counts]) -> Usage:
    """All of them together; `dollars` is None as soon as the cost of one is unknown."""
    answers = list(answers)
    costs = [prices.cost(model, answer) for answer in answers]
    known = [dollars for dollars in costs if dollars is not None]
    return Usage(
        input_tokens=_sum(answers, "input_tokens"),
        output_tokens=_sum(answers, "output_tokens"),
        cache_read_tokens=_sum(answers, "cache_read_input_tokens"),
        cache_write_tokens=_sum(answers, "cache_creation_input_tokens"),
        dollars=sum(known) if len(known) == len(costs) else None,
    )


def size(counts: Counts) -> int:
    """How many tokens the conversation holds after an answer with these counts: what was read, and what was said."""
    parts = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens")
    return sum(counts.get(part) or 0 for part in parts)


def _sum(answers: list[Counts], name: str) -> int:
    return sum(part.get(name) or 0 for answer in answers for part in prices.iterations(answer))
