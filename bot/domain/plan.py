"""The model's steps with their states, shown on the card."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StepState(StrEnum):
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Step:
    title: str
    state: StepState = StepState.PENDING

    @property
    def is_open(self) -> bool:
        return self.state in (StepState.PENDING, StepState.IN_PROGRESS)


@dataclass(frozen=True, kw_only=True)
class Plan:
    steps: tuple[Step, ...] = ()

    @property
    def open_steps(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.is_open)
