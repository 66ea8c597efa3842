"""How every goal answers: the plan kept up to date beside the calls, and no end while the plan is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.answer import Answer, calls, text
from bot.rehearsal.goals.transcript import Transcript

Call = tuple[str, dict[str, Any]]
READS_A_TURN = 10


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Titles of steps; those before `at` are done. A failed plan failed at that step."""

    titles: tuple[str, ...]
    at: int = 0
    failed: bool = False

    @property
    def steps(self) -> list[dict[str, str]]:
        """The steps as `update_plan` takes them."""
        return [{"title": title, "status": self._status(number)} for number, title in enumerate(self.titles)]

    def _status(self, number: int) -> str:
        if number < self.at:
            return "completed"
        if self.failed:
            return "failed"
        return "in_progress" if number == self.at else "pending"


def work(story: Transcript, plan: Plan, *wanted: Call, say: str = "") -> Answer:
    """These calls next, with the plan if it has changed."""
    return calls(*_plan_call(story, plan), *wanted, say=say)


def end(story: Transcript, words: str, plan: Plan | None = None) -> Answer:
    """These words and nothing more. A plan that was noted and is still open is closed first."""
    if plan is not None and story.steps("update_plan") and (noted := list(_plan_call(story, plan))):
        return calls(*noted)
    return text(words)


def gave_up(story: Transcript, plan: Plan, words: str) -> Answer:
    """The end of work that could not be finished."""
    return end(story, words, Plan(titles=plan.titles, at=plan.at, failed=True))


def missing_tools(story: Transcript, needed: Iterable[str]) -> list[str]:
    """Which of the tools that a goal needs are not offered."""
    return [name for name in needed if name not in story.tools]


def _plan_call(story: Transcript, plan: Plan) -> Iterable[Call]:
    last = story.last("update_plan")
    if "update_plan" in story.tools and (last is None or last.given.get("steps") != plan.steps):
        yield ("update_plan", {"steps": plan.steps})
