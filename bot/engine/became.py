"""What a stretch of work made of a task: an ending of the loop, or a trouble, as a state with words for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import uuid4

from bot.agent.endings import Ending, Finished, Parked, Paused, Stopped, Waiting
from bot.domain import connected
from bot.domain.budget import SpentOut
from bot.domain.connected import TEAM, Wanted
from bot.domain.task import Task, TaskState
from bot.domain.turn import Usage
from bot.errors import CoworkError, DatabaseOut, NotConfigured, SignInNeeded, Unavailable
from bot.model.errors import Discarded

_OPEN_ENDS = (")", "]", "}", "”", "’", '"', "'", "`")


@dataclass(frozen=True, kw_only=True)
class Became:
    """`outage` is what was out, `spent` what a discarded turn cost; `again_at` is when it goes on by itself.

    `waits_for` is a shared budget that is used up; `worked` are milliseconds that no turn has counted. `sign_in` is
    what somebody must connect first.
    """

    state: TaskState
    note: str = ""
    reference: str = ""
    answer: str | None = None
    outage: Unavailable | None = None
    spent: Usage | None = None
    again_at: datetime | None = None
    waits_for: str = ""
    worked: int = 0
    sign_in: Wanted | None = None


def of_ending(ending: Ending) -> Became:
    match ending:
        case Finished(text=text):
            return Became(state=TaskState.DONE, answer=text)
        case Waiting():
            return Became(state=TaskState.WAITING)
        case Paused(spent=spent):
            note = f"{spent.why} What was done is kept. {_more(spent)}"
            return Became(state=TaskState.PAUSED, note=note, again_at=spent.again_at, waits_for=spent.key)
        case Stopped(by=by):
            return Became(state=TaskState.STOPPED, note=f"Stopped by {by}.")
        case Parked():
            return Became(state=TaskState.QUEUED)
        case _:
            assert_never(ending)


def of_trouble(task: Task, trouble: CoworkError) -> Became:
    """Sorted by who can act: nobody (it passes), the operator, or a person who looks at it."""
    match trouble:
        case DatabaseOut():
            note = f"I could not write down what I did: {_sentence(trouble)} What was written is kept."
            return Became(state=TaskState.PAUSED, note=note, outage=trouble)
        case Unavailable(service=service):
            note = f"{service[:1].upper()}{service[1:]} cannot be reached: {_sentence(trouble)} What was done is kept."
            return Became(state=TaskState.PAUSED, note=note, outage=trouble)
        case SignInNeeded():
            return _of_sign_in(task, trouble)
        case NotConfigured():
            note = f"{trouble} What was done is kept. Press Retry when it is set."
            return Became(state=TaskState.PAUSED, note=note)
        case Discarded(usage=usage):
            return Became(state=TaskState.FAILED, note=str(trouble), reference=_reference(task), spent=usage)
        case _:
            return Became(state=TaskState.FAILED, note=str(trouble), reference=_reference(task))


def of_fault(task: Task) -> Became:
    """A fault of ours; the trace is in the log under the reference."""
    note = "Something in Cowork itself went wrong. What was done is kept. Press Retry to go on from there."
    return Became(state=TaskState.FAILED, note=note, reference=_reference(task))


def of_crashes(task: Task) -> Became:
    """It may be the task that ends the process: it is not tried for ever."""
    note = (
        f"Cowork ended {task.crashes} times in a row while it was at this step, so I leave it alone. "
        "What was done is kept. Press Retry to try the step again, or reply with another way."
    )
    return Became(state=TaskState.FAILED, note=note, reference=_reference(task))


def _of_sign_in(task: Task, needed: SignInNeeded) -> Became:
    owner = task.person.user if needed.owner is None else needed.owner
    wanted = Wanted(plugin=needed.plugin, owner=owner, writes=needed.writes, seen=needed.seen)
    who = "an admin of this workspace has" if owner == TEAM else "you have"
    note = f"{needed} What was done is kept. I go on by myself as soon as {who} signed in."
    waits_for = connected.waits_for(task.person.team, owner, needed.plugin)
    return Became(state=TaskState.PAUSED, note=note, waits_for=waits_for, sign_in=wanted)


def _more(spent: SpentOut) -> str:
    """What can be done about it."""
    if spent.is_stuck:
        return "Tell me in this thread what to do instead, or press Retry to let me try again."
    if not spent.key:
        return "Press Retry to give it as much again."
    if spent.is_held:
        return "I look again in a minute."
    return (
        "I go on by myself tomorrow (00:00 UTC); an approver or a workspace admin who presses Retry allows as much "
        "again for today."
    )


def _sentence(trouble: Unavailable) -> str:
    """With a full stop where it has no end of its own."""
    said = str(trouble).rstrip(". ")
    return f"{said}." if said[-1:].isalnum() or said.endswith(_OPEN_ENDS) else said


def _reference(task: Task) -> str:
    """What a person can quote and an operator can find in the log."""
    return f"{task.id}-{uuid4().hex[:6]}"
