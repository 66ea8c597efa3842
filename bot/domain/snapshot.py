"""All that a card, a report or a terminal shows of one task at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.estimate import Estimate
from bot.domain.kind import Given
from bot.domain.person import Place
from bot.domain.receipt import Deliverable, Receipt
from bot.domain.task import Task


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """One action or decision, for the Details view: `outcome` is ok, failed, denied, held, unknown or a decision."""

    at: datetime
    what: str
    outcome: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """`activity` is what it is doing now, in words ("Read q4.pdf"); "" when nothing is running.

    `intent` is what it said when it began: what it will do, and who it is where that matters. Of this round only:
    `links` are those that people had seen before: in the requester's words, or in what they named.
    `undone` are the approved actions (of `approved`) that a stop left, `unknown` those that may have happened.
    `nearly_spent` are the budgets of which most is used, in words; `kinds` what is allowed without asking again.
    `origin` is where it was shown before it went on with its requester alone; None where it is shown there still.
    `prompts` is how often it asked a person, in all rounds. `estimate` is what its plan will take in all.
    `signs_in`: it waits for a sign-in to a service, which a message below asks for.
    """

    task: Task
    now: datetime
    activity: str = ""
    intent: str = ""
    receipts: tuple[Receipt, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    approved: int = 0
    undone: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    links: frozenset[str] = frozenset()
    nearly_spent: tuple[str, ...] = ()
    kinds: tuple[Given, ...] = ()
    prompts: int = 0
    estimate: Estimate | None = None
    origin: Place | None = None
    signs_in: bool = False
