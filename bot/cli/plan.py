"""The plan as lines: all of it, or only what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cli import shared

MARKS = {"pending": "○", "in_progress": "◐", "completed": "●", "failed": "✗"}
_SAID = {"pending": "", "in_progress": " (now)", "completed": " (done)", "failed": " (failed)"}


@dataclass(frozen=True)
class Step:
    title: str
    state: str

    @property
    def line(self) -> str:
        """A mark for the eye and a word for whoever cannot see it."""
        return f"  {MARKS[self.state]} {self.title}{_SAID[self.state]}"


class ShownPlan:
    """What has been shown of the plan so far."""

    def __init__(self) -> None:
        self.steps: tuple[Step, ...] = ()
        self._shown: tuple[Step, ...] = ()

    def become(self, steps: Sequence[Sequence[str]]) -> None:
        self.steps = tuple(Step(shared.legible(title, lines=False), state) for title, state in steps)

    def whole(self) -> list[str]:
        """Every step, if anything changed since the last time."""
        if self.steps == self._shown:
            return []
        self._shown = self.steps
        return ["Plan", *(step.line for step in self.steps)]

    def changes(self) -> list[str]:
        """The steps that began, ended or are new; every step the first time."""
        if not self._shown:
            return self.whole()
        changed = [step.line for step in self.steps if step not in self._shown]
        self._shown = self.steps
        return changed
