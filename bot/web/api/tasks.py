"""Tasks: begun, listed, looked at, spoken to, stopped, gone on with, and taken back."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.audit.account import Account
from bot.domain.budget import MILLION, Budget
from bot.domain.grant import FolderGrant
from bot.domain.task import Autonomy, TaskState
from bot.engine.goals import GOAL_LIMIT, WORDS_LIMIT
from bot.engine.hearing import Heard
from bot.engine.serving import Wish
from bot.web.api import webhooks
from bot.web.api.caller import Caller
from bot.web.api.served import Served
from bot.web.api.webhooks import TaskHookAsked, WebhookValue
from bot.web.values import TaskInFull, TaskValue

router = APIRouter(tags=["tasks"])

TaskId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The task's number.")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="Sent again with the same key, it is the same: nothing is done twice.",
    ),
]
_LARGE = 10**9


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PlaceAsked(_Asked):
    """A channel of Slack that you can post in."""

    channel: str = Field(pattern=r"^[CDG][A-Z0-9]{2,20}$")


class FolderAsked(_Asked):
    """A granted folder, or one inside it."""

    path: str = Field(min_length=1, max_length=1000, pattern=r"^[^\x00]+$")
    mode: Literal["ro", "rw"] = "rw"


class BudgetAsked(_Asked):
    """The most of each. What is granted anyway is not widened."""

    turns: int | None = Field(default=None, ge=1, le=_LARGE)
    tokens: int | None = Field(default=None, ge=1, le=_LARGE)
    dollars: float | None = Field(default=None, ge=0.01, le=1_000_000)
    minutes: float | None = Field(default=None, ge=0.1, le=1_000_000)

    @property
    def budget(self) -> Budget:
        return Budget(
            turns=self.turns,
            tokens=self.tokens,
            charge=None if self.dollars is None else round(self.dollars * MILLION),
            worked=None if self.minutes is None else round(self.minutes * 60_000),
        )


class TaskAsked(_Asked):
    """Without a place it lives in no thread: its events tell of it. What is left out is as in Slack."""

    goal: str = Field(min_length=1, max_length=GOAL_LIMIT, pattern=r"\S")
    place: PlaceAsked | None = None
    autonomy: Autonomy | None = None
    folders: list[FolderAsked] | None = Field(default=None, max_length=50)
    budget: BudgetAsked | None = None
    output: str = Field(default="", max_length=200)
    webhook: TaskHookAsked | None = Field(
        default=None, description="Have its news posted there, from its beginning."
    )

    @property
    def wish(self) -> Wish:
        return Wish(
            goal=self.goal,
            channel=self.place.channel if self.place else "",
            autonomy=self.autonomy,
            folders=None
            if self.folders is None
            else tuple(FolderGrant(path=one.path, writable=one.mode == "rw") for one in self.folders),
            budget=self.budget.budget if self.budget else None,
            output=self.output,
        )


class MessageAsked(_Asked):
    text: str = Field(min_length=1, max_length=WORDS_LIMIT, pattern=r"\S")


class TaskBegun(TaskValue):
    """`webhook` as it was made with the task."""

    webhook: WebhookValue | None


class HeardValue(BaseModel):
    """What became of the words, and the task after them. `press_approve`: a yes is given at the checkpoint only."""

    heard: Heard
    task: TaskValue


class RoundAsked(_Asked):
    """Which round is taken back: the last one when it is left out."""

    round: int | None = Field(default=None, ge=1, le=_LARGE)


class TaskPage(BaseModel):
    """Newest first. `next_cursor` leads to the older ones, null at the end."""

    tasks: list[TaskValue]
    next_cursor: str | None


@router.post(
    "/tasks",
    status_code=201,
    summary="Begin a task",
    responses={200: {"model": TaskBegun, "description": "It was begun before, with the same key."}},
)
def begin(served: Served, token: Caller, asked: TaskAsked, response: Response, key: Key = "") -> TaskBegun:
    """201 for a new one; 200 for one that was begun before with this `Idempotency-Key`."""
    if asked.webhook is not None:
        webhooks.check(served, token, asked.webhook)
    started = served.serving.start(token, asked.wish, key=key)
    hook = None
    if asked.webhook is not None:
        hook = WebhookValue.of(webhooks.made(served, token, asked.webhook, started.task.id).webhook)
    response.status_code = 201 if started.is_new else 200
    response.headers["Location"] = f"/api/v1/tasks/{started.task.id}"
    return TaskBegun(**TaskValue.of(started.task).model_dump(), webhook=hook)


@router.get("/tasks", summary="List your tasks")
def listed(
    served: Served,
    token: Caller,
    state: TaskState | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[
        str | None, Query(pattern=r"^[0-9]{1,9}$", description="As `next_cursor` gave it.")
    ] = None,
) -> TaskPage:
    found = served.serving.tasks(token, state=state, before=int(cursor) if cursor else None, limit=limit + 1)
    more = len(found) > limit
    shown = found[:limit]
    return TaskPage(
        tasks=[TaskValue.of(task) for task in shown], next_cursor=str(shown[-1].id) if more else None
    )


@router.get("/tasks/{task_id}", summary="Look at a task")
def one(served: Served, token: Caller, task_id: TaskId) -> TaskInFull:
    snapshot = served.serving.snapshot(token, task_id)
    return TaskInFull.of_snapshot(snapshot, served.serving.pending(token, task_id))


@router.post("/tasks/{task_id}/messages", summary="Say something to a task")
def say(served: Served, token: Caller, task_id: TaskId, asked: MessageAsked, key: Key = "") -> HeardValue:
    """It steers what goes on, redirects or answers what is asked, and sets a finished task working again."""
    heard = served.serving.say(token, task_id, asked.text, key=key)
    return HeardValue(heard=heard, task=TaskValue.of(served.serving.seen(token, task_id)))


@router.post("/tasks/{task_id}/stop", summary="Stop a task")
def stop(served: Served, token: Caller, task_id: TaskId) -> TaskValue:
    """It stops within a second and says what was done; its end is told by an event. Twice is once."""
    return TaskValue.of(served.serving.stop(token, task_id))


@router.post("/tasks/{task_id}/retry", summary="Go on with a paused or failed task")
def retry(served: Served, token: Caller, task_id: TaskId) -> TaskValue:
    return TaskValue.of(served.serving.retry(token, task_id))


@router.post("/tasks/{task_id}/undo", summary="Take back what a task changed")
def undo(served: Served, token: Caller, task_id: TaskId, asked: RoundAsked | None = None) -> TaskValue:
    """What somebody changed since is left, and said."""
    number = (asked.round if asked else None) or served.serving.seen(token, task_id).round
    return TaskValue.of(served.serving.undo(token, task_id, number).task)


@router.get("/tasks/{task_id}/audit", summary="Who asked, who approved, which rule allowed it, what changed")
def audit(served: Served, token: Caller, task_id: TaskId) -> Account:
    """From the audit log: nothing of this is the model's word."""
    return served.serving.account(token, task_id)
