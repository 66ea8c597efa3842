"""Checkpoints: what a task put to people, and their decision on it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from bot.domain.approval import ApprovalState, Decision
from bot.engine.deciding import Decided
from bot.engine.goals import WORDS_LIMIT
from bot.web.api.caller import Caller, Refused
from bot.web.api.served import Served
from bot.web.api.tasks import TaskId
from bot.web.problems import Problem
from bot.web.values import CheckpointValue

router = APIRouter(tags=["checkpoints"])

ApprovalId = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,80}$", description="As the task names it.")]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Approval(_Asked):
    """`leave_out` are numbers of actions that the yes does not hold for."""

    decision: Literal["approve"]
    leave_out: list[Annotated[int, Field(ge=1, le=10_000)]] = Field(default=[], max_length=1000)

    @property
    def meant(self) -> Decision:
        return Decision(state=ApprovalState.APPROVED, left_out=tuple(sorted(set(self.leave_out))))


class Words(_Asked):
    """What is to be done instead, or the answer to a question."""

    decision: Literal["redirect", "answer"]
    words: str = Field(min_length=1, max_length=WORDS_LIMIT, pattern=r"\S")

    @property
    def meant(self) -> Decision:
        is_answer = self.decision == "answer"
        state = ApprovalState.ANSWERED if is_answer else ApprovalState.REDIRECTED
        return Decision(state=state, words=self.words)


class Stop(_Asked):
    decision: Literal["stop"]

    @property
    def meant(self) -> Decision:
        return Decision(state=ApprovalState.STOPPED)


DecisionAsked = Annotated[Approval | Words | Stop, Field(discriminator="decision")]


class DecidedValue(BaseModel):
    """`missing` says in words whose yes it still takes, "" for nobody's: until then it stays pending."""

    checkpoint: CheckpointValue
    missing: str


@router.get("/tasks/{task_id}/checkpoints/{approval_id}", summary="Look at a checkpoint")
def shown(served: Served, token: Caller, task_id: TaskId, approval_id: ApprovalId) -> CheckpointValue:
    return CheckpointValue.of(served.serving.approval(token, task_id, approval_id))


@router.post("/tasks/{task_id}/checkpoints/{approval_id}", summary="Approve, redirect, answer or stop")
def decide(
    served: Served, token: Caller, task_id: TaskId, approval_id: ApprovalId, asked: DecisionAsked
) -> DecidedValue:
    """As a click in Slack, and only from someone whose click would count.

    A token cannot approve what was asked for through a token of the same person, unless the operator's rules say so.
    """
    decided = served.serving.decide(token, task_id, approval_id, asked.meant)
    if not (decided.is_new or decided.missing or _is_same(decided, token.person.user, asked.meant)):
        raise Refused(_decided_before(decided))
    return DecidedValue(checkpoint=CheckpointValue.of(decided.approval), missing=decided.missing)


def _is_same(decided: Decided, user: str, meant: Decision) -> bool:
    """Sent twice it is one decision."""
    before = decided.approval
    by = before.decided_by.user if before.decided_by else ""
    return (by, before.state, before.words) == (user, meant.state, meant.words.strip())


def _decided_before(decided: Decided) -> Problem:
    one = decided.approval
    who = one.decided_by.name if one.decided_by else "Somebody"
    again = one.state is ApprovalState.LAPSED
    return Problem.of(
        409,
        "It ran out before: it is put to people anew." if again else f"{who} decided before: {one.state}.",
        "Look at the task for what it asks now.",
        type="already-decided",
        more={"checkpoint": CheckpointValue.of(one).model_dump(mode="json")},
    )
