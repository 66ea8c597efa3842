"""What programs are shown of tasks, checkpoints and files: one shape for HTTP and for MCP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel

from bot.domain.approval import Action, Approval, ApprovalKind, ApprovalState
from bot.domain.effect import Effect
from bot.domain.event import Event, News
from bot.domain.plan import StepState
from bot.domain.receipt import Deliverable
from bot.domain.snapshot import Snapshot
from bot.domain.task import Autonomy, Task, TaskState
from bot.engine.decisions import OFFERED
from bot.web.forms import FormValue


class PersonValue(BaseModel):
    team: str
    user: str
    name: str


class PlaceValue(BaseModel):
    """A channel of Slack, and the thread there once its card was posted."""

    channel: str
    thread: str | None


class FolderValue(BaseModel):
    path: str
    writable: bool


class StepValue(BaseModel):
    title: str
    status: StepState


class SpentValue(BaseModel):
    """Dollars are null where a price is not known."""

    turns: int
    input_tokens: int
    output_tokens: int
    dollars: float | None


class ReceiptValue(BaseModel):
    """Proof of something that was done. An empty `undo` means that it cannot be undone."""

    effect: Effect
    what: str
    where: str
    before: str
    after: str
    undo: str


class DeliverableValue(BaseModel):
    """A finished file: `url` has its bytes, and `version` counts how often it was handed over."""

    name: str
    title: str
    version: int
    comment: str
    size: int
    url: str

    @classmethod
    def of(cls, task_id: int, one: Deliverable, name: str = "") -> DeliverableValue:
        """An earlier version has a `name` of its own."""
        name = name or Path(one.path).name
        return cls(
            name=name,
            title=one.title,
            version=one.version,
            comment=one.comment,
            size=one.size,
            url=f"/api/v1/tasks/{task_id}/deliverables/{quote(name, safe='')}",
        )


class TaskValue(BaseModel):
    """A task as lists have it. `place` is null where it lives in no thread; `note` says why it waits or failed."""

    id: int
    state: TaskState
    goal: str
    requester: PersonValue
    place: PlaceValue | None
    autonomy: Autonomy
    output: str
    folders: list[FolderValue]
    round: int
    note: str
    answer: str
    reference: str
    spent: SpentValue
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, task: Task) -> TaskValue:
        return cls(**_of_task(task))


class TaskInFull(TaskValue):
    """`activity` is what it is doing now, `checkpoint` the id of what it asks. Receipts are those of this round."""

    plan: list[StepValue]
    activity: str
    checkpoint: str | None
    receipts: list[ReceiptValue]
    deliverables: list[DeliverableValue]
    not_done: list[str]
    may_have_happened: list[str]

    @classmethod
    def of_snapshot(cls, shown: Snapshot, asked: Approval | None) -> TaskInFull:
        task = shown.task
        return cls(
            **_of_task(task),
            plan=[StepValue(title=step.title, status=step.state) for step in task.plan.steps],
            activity=shown.activity,
            checkpoint=asked.id if asked else None,
            receipts=[ReceiptValue.model_validate(one, from_attributes=True) for one in shown.receipts],
            deliverables=[DeliverableValue.of(task.id, one) for one in shown.deliverables],
            not_done=list(shown.undone),
            may_have_happened=list(shown.unknown),
        )


class ActionValue(BaseModel):
    """One exact call that is held. `number` counts from 1; `reason` says why it is asked about, `changed` what was
    changed there since it was shown before."""

    number: int
    tool: str
    input: dict[str, Any]
    preview: str
    reason: str
    detail: str
    about: str
    changed: str
    influenced_by: list[str]

    @classmethod
    def of(cls, number: int, action: Action) -> ActionValue:
        return cls(
            number=number,
            tool=action.call.tool,
            input=dict(action.call.input),
            preview=action.preview,
            reason=action.reason,
            detail=action.detail,
            about=action.about,
            changed=action.changed,
            influenced_by=[one.source for one in action.influences],
        )


class CheckpointValue(BaseModel):
    """What was put to people. `form` is what a connector asks. `choices` are decisions, none once it is over."""

    id: str
    task: int
    kind: ApprovalKind
    title: str
    summary: str
    actions: list[ActionValue]
    options: list[str]
    form: FormValue | None
    choices: list[str]
    state: ApprovalState
    agreed: list[str]
    decided_by: str | None
    decided_at: datetime | None
    words: str
    created_at: datetime
    expires_at: datetime | None

    @classmethod
    def of(cls, one: Approval) -> CheckpointValue:
        draft = one.draft
        return cls(
            id=one.id,
            task=one.task_id,
            kind=draft.kind,
            title=draft.title,
            summary=draft.summary,
            actions=[ActionValue.of(number, action) for number, action in enumerate(draft.actions, 1)],
            options=list(draft.options),
            form=FormValue.of(one),
            choices=sorted(CHOICES[state] for state in OFFERED[draft.kind]) if one.is_pending else [],
            state=one.state,
            agreed=[yes.person.name for yes in one.said_yes],
            decided_by=one.decided_by.name if one.decided_by else None,
            decided_at=one.decided_at,
            words=one.words,
            created_at=one.created_at,
            expires_at=one.expires_at,
        )


class EventValue(BaseModel):
    """One piece of news. What `data` holds depends on `type`."""

    id: int
    task: int
    type: News
    at: datetime
    data: dict[str, Any]

    @classmethod
    def of(cls, event: Event, *, is_own: bool) -> EventValue:
        """`is_own`: it is for whoever asked for the task."""
        data = _told(event)
        if not is_own:
            data.pop("title", None)  # of one held call it says what the call says
        return cls(id=event.id, task=event.task_id, type=event.news, at=event.at, data=data)


CHOICES: Mapping[ApprovalState, str] = {
    ApprovalState.APPROVED: "approve",
    ApprovalState.REDIRECTED: "redirect",
    ApprovalState.ANSWERED: "answer",
    ApprovalState.STOPPED: "stop",
}


def _of_task(task: Task) -> dict[str, Any]:
    place = task.place
    person = task.person
    return {
        "id": task.id,
        "state": task.state,
        "goal": task.goal,
        "requester": PersonValue(team=person.team, user=person.user, name=person.name),
        "place": PlaceValue(channel=place.channel, thread=place.thread) if place.is_in_slack else None,
        "autonomy": task.autonomy,
        "output": task.output,
        "folders": [FolderValue(path=one.path, writable=one.writable) for one in task.folders],
        "round": task.round,
        "note": task.note,
        "answer": task.answer,
        "reference": task.reference,
        "spent": SpentValue.model_validate(task.spent, from_attributes=True),
        "created_at": task.created_at,
        "started_at": task.started_at,
        "ended_at": task.ended_at,
    }


def _told(event: Event) -> dict[str, Any]:
    """Where a copy lies on our disk is nobody's business: it is fetched by its name."""
    if event.news is not News.DELIVERED:
        return dict(event.data)
    rest = {name: value for name, value in event.data.items() if name != "path"}
    return rest | {"name": Path(str(event.data["path"])).name}
