"""A held list of exact calls, or a question, that a person decides once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.call import Call
from bot.domain.person import Person


class ApprovalKind(StrEnum):
    """CALLS: calls that policy held. BATCH: a checkpoint's prepared actions. PLAN: a checkpoint without actions.

    QUESTION: words are wanted. OUTCOME: a call was interrupted and may already have happened.
    """

    CALLS = "calls"
    BATCH = "batch"
    PLAN = "plan"
    QUESTION = "question"
    OUTCOME = "outcome"


class ApprovalState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REDIRECTED = "redirected"
    ANSWERED = "answered"
    STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class Action:
    """One exact call as people see it on the card.

    `detail` is what a line cannot show, such as the text of a file. `absent` are the places that were empty when
    it was shown: should something be there when it runs, it is not what was approved.
    """

    call: Call
    preview: str
    reason: str = ""
    detail: str = ""
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An approval before it is written down. `call_id` is the model's call that put it, "" when policy held several."""

    kind: ApprovalKind
    title: str
    summary: str = ""
    actions: tuple[Action, ...] = ()
    options: tuple[str, ...] = ()
    call_id: str = ""

    @property
    def digest(self) -> str:
        """One digest over every held call, in order."""
        return hashlib.sha256("".join(action.call.digest for action in self.actions).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a person said to an approval: `words` are the redirection or the answer."""

    state: ApprovalState
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Approval:
    id: str
    task_id: int
    draft: Draft
    digest: str
    created_at: datetime
    state: ApprovalState = ApprovalState.PENDING
    words: str = ""
    decided_by: Person | None = None
    decided_at: datetime | None = None

    @property
    def is_pending(self) -> bool:
        return self.state is ApprovalState.PENDING

    @property
    def wants_words(self) -> bool:
        """A reply in the thread answers it, where otherwise a reply redirects."""
        return self.draft.kind is ApprovalKind.QUESTION
