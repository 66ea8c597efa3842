"""One goal in one thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.brief import Brief
from bot.domain.crew import Crew
from bot.domain.grant import FolderGrant
from bot.domain.label import Label
from bot.domain.person import Person, Place
from bot.domain.plan import Plan


class TaskState(StrEnum):
    QUEUED = "queued"
    WORKING = "working"
    WAITING = "waiting"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def is_over(self) -> bool:
        return self in (TaskState.DONE, TaskState.FAILED, TaskState.STOPPED)


class Autonomy(StrEnum):
    SUPERVISED = "supervised"
    CHECKPOINT = "checkpoint"
    AUTONOMOUS = "autonomous"


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a task has used so far. Money in US dollars, by the prices of notes/model.md §2; `None` = price unknown."""

    turns: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    dollars: float | None = 0.0


@dataclass(frozen=True, kw_only=True)
class Task:
    """`person` is its owner.

    `note` says why it waits, paused or failed, in words for people; `reference` finds a failure in the log.

    `edited_goal` is what the goal's message says now, "" where that is what was begun with, or was begun again with.
    """

    id: int
    person: Person
    place: Place
    goal: str
    autonomy: Autonomy
    state: TaskState
    folders: tuple[FolderGrant, ...]
    created_at: datetime
    output: str = ""
    context: str = ""
    brief: Brief = field(default_factory=Brief)
    labels: frozenset[Label] = frozenset()
    plan: Plan = field(default_factory=Plan)
    spent: Spent = field(default_factory=Spent)
    note: str = ""
    reference: str = ""
    answer: str = ""
    round: int = 1
    started_at: datetime | None = None
    ended_at: datetime | None = None
    epoch: int = 0
    crashes: int = 0
    stop_by: str = ""
    edited_goal: str = ""
    crew: Crew = field(default_factory=Crew)

    def is_steered_by(self, person: Person) -> bool:
        """Their words are instructions."""
        return person.is_same(self.person) or self.crew.helps(person)

    def is_or_was_steered_by(self, person: Person) -> bool:
        return self.is_steered_by(person) or any(person.is_same(one) for one in self.crew.before)
