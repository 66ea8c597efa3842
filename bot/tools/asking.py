"""Speaking with people: the plan on the card, a checkpoint, a question."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.approval import Action, ApprovalKind, Draft
from bot.domain.call import Call, Result
from bot.domain.plan import Plan, Step, StepState
from bot.errors import ToolError
from bot.sdk.tool import tool
from bot.tools.desk import Desk

_MOST_ACTIONS = 2_000


class PlannedStep(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=200)
    status: Literal["pending", "in_progress", "completed", "failed"] = "pending"


class PreparedAction(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tool: str
    input: dict[str, Any]


@tool(preview=lambda desk, **_: "Update the plan")
def update_plan(
    desk: Desk,
    steps: Annotated[list[PlannedStep], "All steps in order, with their states."],
) -> Result:
    """Show people your plan and how far it is. Give the whole list each time; it replaces the one before.

    Use it when you begin, and whenever a step begins or ends; together with other calls, not on its own. Keep to
    between two and eight steps in plain words.
    """
    planned = tuple(Step(title=step.title, state=StepState(step.status)) for step in steps[:50])
    return Result(text="Plan noted.", plan=Plan(steps=planned))


def _checkpoint(
    title: str,
    summary: str,
    actions: list[PreparedAction] | None = None,
    question: str | None = None,
    options: list[str] | None = None,
) -> Draft:
    if actions and len(actions) > _MOST_ACTIONS:
        raise ToolError(
            f"A checkpoint holds at most {_MOST_ACTIONS} actions. Put the rest into a second one."
        )
    prepared = tuple(
        Action(call=Call(id="", tool=action.tool, input=action.input), preview="") for action in actions or ()
    )
    asks = bool(question or options) and not prepared
    return Draft(
        kind=ApprovalKind.QUESTION if asks else ApprovalKind.PLAN,
        title=title,
        summary="\n\n".join(part for part in (summary, question) if part),
        actions=prepared,
        options=tuple(options or ()),
    )


def _never(*_: object, **__: object) -> Result:
    raise AssertionError("a person answers this call")


@tool(preview=lambda desk, title, **_: f"Checkpoint: {title}", put=_checkpoint)
def checkpoint(
    desk: Desk,
    title: Annotated[str, "What is to be decided, in a few words."],
    summary: Annotated[str, "What you found and what you propose, in short Markdown."],
    actions: Annotated[
        list[PreparedAction] | None, "The exact calls to run on approval, in order: {tool, input}."
    ] = None,
    question: Annotated[str | None, "A question, where words are wanted rather than a yes."] = None,
    options: Annotated[list[str] | None, "Answers to choose from."] = None,
) -> Result:
    """Stop and put something before the requester: a plan, a finding, or a whole batch of prepared calls.

    With `actions`, the person sees every exact call; on approval they run in order, with no further word from
    you, and stop at the first failure: you get a line per action. Use it for anything that changes many things,
    and where the direction is worth a look. The person may redirect you instead: then nothing was run, and you
    get their words.
    """
    return _never()


def _question(question: str, options: list[str] | None = None) -> Draft:
    return Draft(kind=ApprovalKind.QUESTION, title=question, options=tuple(options or ()))


@tool(preview=lambda desk, question, **_: f"Ask: {question}", put=_question)
def ask_person(
    desk: Desk,
    question: Annotated[str, "One question, with what you need to know."],
    options: Annotated[list[str] | None, "Answers to choose from; a person may also write."] = None,
) -> Result:
    """Ask the requester one question and wait for the answer. Only when you cannot go on without it."""
    return _never()
