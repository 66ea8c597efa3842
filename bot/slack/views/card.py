"""The live card: one message that always says what a task is doing, and lets a person step in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, PlanBlock, TaskCardBlock

from bot.domain.plan import Step, StepState
from bot.domain.snapshot import Snapshot
from bot.domain.task import Task, TaskState
from bot.policy import briefly
from bot.slack import escape, fit
from bot.slack.views import apart, crew, kinds, offers, pieces, words
from bot.slack.views.message import Message

TASK_STOP = "task_stop"
TASK_RETRY = "task_retry"
TASK_DETAILS = "task_details"

INTENT = 600
AMENDMENTS_SHOWN = 3
STEPS_SHOWN = 25
STEPS_BEFORE = 5
"""How many steps stay above the first open one when a plan is too long to be shown whole."""

_STATUSES: Final[Mapping[StepState, str]] = {
    StepState.PENDING: "pending",
    StepState.IN_PROGRESS: "in_progress",
    StepState.COMPLETED: "complete",
    StepState.FAILED: "error",
}
_SIGNS: Final[Mapping[str, str]] = {"pending": "○", "in_progress": "▸", "complete": "✓", "error": "✗"}


def task_card(snapshot: Snapshot) -> Message:
    """The card, with the plan as Slack's own plan block."""
    return _card(snapshot, _plan_block(snapshot.task))


def plain_card(snapshot: Snapshot) -> Message:
    """The same card in sections alone, where plan blocks are refused."""
    return _card(snapshot, _plan_section(snapshot.task))


_SIGN_IN = "Press the button in the message below to sign in. I go on by myself after that, or tell me to do without."


def what_happened(snapshot: Snapshot) -> list[Block]:
    """Of a paused or failed task: what failed, what was kept, what to do, and its reference."""
    task = snapshot.task
    failed = escape.mrkdwn(task.note) or "It ended unexpectedly."
    said = [
        f"*What happened*\n{fit.clip(failed, 1000, is_mrkdwn=True)}",
        f"*What was kept*\n{_kept(snapshot)}",
        f"*What to do*\n{_SIGN_IN if snapshot.signs_in else _remedy(task)}",
    ]
    reference = [pieces.aside(f"Reference {escape.mrkdwn_line(task.reference)}")] if task.reference else []
    return [pieces.section("\n\n".join(said)), *reference]


def needs_help(task: Task) -> bool:
    return task.state in (TaskState.PAUSED, TaskState.FAILED)


def _card(snapshot: Snapshot, plan: list[Block]) -> Message:
    task = snapshot.task
    blocks = [
        pieces.header(task.goal),
        pieces.section(_headline(snapshot)),
        *apart.here(snapshot),
        *_you_said(task),
        *crew.of_task(task),
        *_intent(snapshot),
        *_edited(task),
        *plan,
        *(what_happened(snapshot) if needs_help(task) else []),
        *_nearly_spent(snapshot),
        *_estimate(snapshot),
        *kinds.allowed(snapshot),
        pieces.aside(_facts(snapshot)),
        *pieces.buttons(_buttons(task)),
    ]
    goal = fit.clip(escape.mrkdwn_line(task.goal), 200, is_mrkdwn=True)
    return fit.fit(Message(f"{words.state(task)}: {goal}", blocks))


def _intent(snapshot: Snapshot) -> list[Block]:
    """What it said it would do: while it does it. Its last word is in the result."""
    said = escape.mrkdwn(fit.clip(snapshot.intent.strip(), INTENT))
    return (
        [pieces.section(fit.clip(said, 3000, is_mrkdwn=True))]
        if said and not snapshot.task.state.is_over
        else []
    )


def _you_said(task: Task) -> list[Block]:
    """What the requester's own words fix, and what later words changed of it."""
    said = " · ".join(briefly.you_said(task.brief))
    lines = [f"You said: {_clipped(said)}"] if said else []
    lines += [
        f"Now: {_clipped(one.said)} — {escape.mrkdwn_line(one.by)}, {words.moment(one.at)}"
        for one in task.brief.amendments[-AMENDMENTS_SHOWN:]
    ]
    if unclear := " · ".join(task.brief.unclear):
        lines.append(f"Told to the model, no rule can hold it: {_clipped(unclear)}")
    return [pieces.aside("\n".join(lines))] if lines else []


def _clipped(text: str) -> str:
    return fit.clip(escape.mrkdwn_line(text), 500, is_mrkdwn=True)


def _edited(task: Task) -> list[Block]:
    """An offer that stands until its author takes it, or edits the goal back."""
    return offers.edited_goal(task) if task.edited_goal else []


def _headline(snapshot: Snapshot) -> str:
    task = snapshot.task
    about = {
        TaskState.QUEUED: "It starts as soon as a worker is free.",
        TaskState.WORKING: snapshot.activity or "Thinking",
        TaskState.WAITING: task.note or "For a reply or a decision in this thread.",
        TaskState.STOPPED: f"by {task.stop_by}" if task.stop_by else "",
    }.get(task.state, "")
    about = fit.clip(escape.mrkdwn_line(about), 500, is_mrkdwn=True)
    return f"{words.icon(task)} *{words.state(task)}*" + (f"  {about}" if about else "")


def _plan_block(task: Task) -> list[Block]:
    steps, first = _window(task.plan.steps)
    if not steps:
        return []
    cards = [
        TaskCardBlock(
            task_id=f"{task.id}-{number}",
            title=fit.clip(escape.line(step.title), 150) or pieces.NOTHING,
            status=_status(step, task),
        )
        for number, step in enumerate(steps, first)
    ]
    return [PlanBlock(title=_plan_title(task), tasks=cards), *_window_note(task, first, len(steps))]


def _plan_section(task: Task) -> list[Block]:
    steps, first = _window(task.plan.steps)
    if not steps:
        return []
    rows = [
        f"{_SIGNS[_status(step, task)]} {fit.clip(escape.mrkdwn_line(step.title), 100, is_mrkdwn=True)}"
        for step in steps
    ]
    return [
        pieces.section("\n".join([f"*{_plan_title(task)}*", *rows])),
        *_window_note(task, first, len(steps)),
    ]


def _window(steps: Sequence[Step]) -> tuple[Sequence[Step], int]:
    """The steps to show, around the first open one, and the number of the first of them."""
    is_open = (at for at, step in enumerate(steps) if step.is_open)
    start = max(0, min(next(is_open, len(steps)) - STEPS_BEFORE, len(steps) - STEPS_SHOWN))
    return steps[start : start + STEPS_SHOWN], start + 1


def _window_note(task: Task, first: int, shown: int) -> list[Block]:
    total = len(task.plan.steps)
    return [pieces.aside(f"Steps {first}–{first + shown - 1} of {total:,}")] if shown < total else []


def _plan_title(task: Task) -> str:
    done = sum(step.state is StepState.COMPLETED for step in task.plan.steps)
    return f"Plan: {done} of {words.count(len(task.plan.steps), 'step')} done"


def _status(step: Step, task: Task) -> str:
    """Slack's word for a step's state. Nothing turns on a card whose task does not go on."""
    if step.state is StepState.IN_PROGRESS and task.state is TaskState.FAILED:
        return "error"
    if step.state is StepState.IN_PROGRESS and (task.state.is_over or task.state is TaskState.PAUSED):
        return "pending"
    return _STATUSES[step.state]


def _estimate(snapshot: Snapshot) -> list[Block]:
    """Of a long task only; of every task in Details."""
    found = snapshot.estimate
    return [pieces.aside(escape.mrkdwn(words.estimated(found)))] if found and found.is_long else []


def _nearly_spent(snapshot: Snapshot) -> list[Block]:
    """Said once it is so, and until somebody allows more."""
    if not snapshot.nearly_spent or needs_help(snapshot.task):
        return []
    lines = [f"⚠️ Nearly used up: {_clipped(one)}" for one in snapshot.nearly_spent]
    return [pieces.aside("\n".join(lines))]


def _facts(snapshot: Snapshot) -> str:
    task = snapshot.task
    facts = [
        words.duration(task, snapshot.now),
        words.money(task.spent.dollars),
        words.count(task.spent.turns, "turn") if task.spent.turns else "",
        words.asked(snapshot.prompts),
        words.LEVELS[task.autonomy],
        fit.clip(escape.line(words.folders(task.folders)), 300),
    ]
    return " · ".join(escape.mrkdwn(fact) for fact in facts if fact)


def _buttons(task: Task) -> list[ButtonElement]:
    value = str(task.id)
    found = []
    if needs_help(task):
        found.append(pieces.button(pieces.RETRY, TASK_RETRY, value, style="primary"))
    if not task.state.is_over:
        found.append(pieces.button(pieces.STOP, TASK_STOP, value))
    return [*found, pieces.button(pieces.DETAILS, TASK_DETAILS, value)]


def _kept(snapshot: Snapshot) -> str:
    kept = []
    if snapshot.receipts:
        kept.append(f"{words.count(len(snapshot.receipts), 'change')} made so far")
    if snapshot.deliverables:
        kept.append(f"{words.count(len(snapshot.deliverables), 'file')} handed over")
    always = "he conversation and the plan" if snapshot.task.plan.steps else "he conversation"
    if kept:
        return f"{' and '.join(kept)}, with t{always}.{_unknown(snapshot)}"
    return f"T{always}.{_unknown(snapshot) or ' Nothing had been changed yet.'}"


def _unknown(snapshot: Snapshot) -> str:
    """What was begun and never answered, "" for nothing."""
    if not snapshot.unknown:
        return ""
    first = words.near(snapshot.unknown[0], snapshot.task.folders)
    first = fit.clip(escape.mrkdwn_line(first), 300, is_mrkdwn=True)
    more = len(snapshot.unknown) - 1
    if not more:
        return f" One action may have happened: {first}."
    return f" {more + 1:,} actions may have happened: {first}, and {more:,} more."


def _remedy(task: Task) -> str:
    if task.state is TaskState.PAUSED:
        return "Press Retry to go on from here, or write in this thread to change course."
    return "Press Retry to try again from the last step, or write in this thread to change course."
