"""What is said outside a task's own messages: help, lists, and why something was not done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block

from bot.domain.approval import Approval, ApprovalState
from bot.domain.snapshot import Snapshot
from bot.domain.task import Task, TaskState
from bot.slack import escape, fit
from bot.slack.views import card, pieces, words
from bot.slack.views.message import Message

OPEN_FORM = "open_form"

TASKS_SHOWN = 12

PRESS_APPROVE: Final = (
    "Only the Approve button approves. Press it on the checkpoint above, or say here what should change."
)
OVER: Final = "This task has already ended. Reply with what you want next, and it goes on."
NOTHING_TO_STOP: Final = "You have no task that is running here."
HOW_TO_STOP: Final = (
    "I stopped nothing and started nothing. `/cowork stop` stops your newest task here, `/cowork stop 12` stops "
    "task 12; `/cowork list` shows their numbers. For a goal that begins with “stop”, put another word first."
)
NO_TASKS: Final = "You have no tasks yet. Type `/cowork` and a goal to start one."
NO_SUCH_TASK: Final = "I do not know this task any more."
NO_SUCH_APPROVAL: Final = "I do not know this checkpoint any more."
TOO_LATE: Final = "That took too long to open. Press the button to try again."
LATE: Final = "That took too long to open. Please press again."
TROUBLE: Final = "Something went wrong on my side, and nothing was started. Please try again."
NOT_WRITTEN: Final = (
    "I cannot write anything down just now, so I did not take this: nothing was started or changed. "
    "Please try again in a few minutes."
)
NOT_WRITTEN_YET: Final = (
    "I cannot write anything down just now, so I have not begun. I take it up as soon as I can; "
    "if I stay silent for ten minutes, please send it again."
)

DECIDED: Final = {
    ApprovalState.APPROVED: "approved",
    ApprovalState.REDIRECTED: "redirected",
    ApprovalState.ANSWERED: "answered",
    ApprovalState.STOPPED: "stopped",
    ApprovalState.LAPSED: "put again",
    ApprovalState.EDITED: "changed",
    ApprovalState.PENDING: "not decided yet",
}

_NO_RETRY: Final = {
    TaskState.QUEUED: "It is queued already, and goes on as soon as a worker is free.",
    TaskState.WORKING: "It is being worked on.",
    TaskState.WAITING: "It waits for a reply or a decision in its thread.",
    TaskState.DONE: "It is done. Reply in its thread with what you want next.",
    TaskState.STOPPED: "It was stopped. Reply in its thread with what you want next, and it goes on.",
}


def help_text() -> Message:
    """The answer to `/cowork help`."""
    return _said(
        "*Cowork* takes a goal, plans, works, asks before it matters, and hands back finished work.",
        "*Start*\n"
        "`/cowork &lt;goal&gt;`  starts a task in this channel\n"
        "`/cowork`  opens a form with folder, autonomy and format\n"
        "Mention me in a thread to give me what was said there, or write to me directly.",
        "*While it works*\n"
        "Reply in the task's thread to steer it. At a checkpoint press Approve, Redirect… or Stop. "
        "“stop” as a reply, or ⛔ on a message of the task, stops it.",
        "*Together*\n"
        "`/cowork add @person`  lets someone steer your newest task here; `remove @person` ends that\n"
        "`/cowork hand over @person`  asks someone to take it over\n"
        "In the task's thread the same words do, without `/cowork`. What others write there is offered to you alone.",
        "*More*\n"
        "`/cowork list`  your tasks\n"
        "`/cowork status`  what is running now\n"
        "`/cowork stop`  stops your newest task here\n"
        "`/cowork why`  why I did what I did, from the audit log\n"
        "`/cowork settings`  how freely I work for you, and what each plugin may do\n"
        "`/cowork connect`  connects a service, such as `/cowork connect github`\n"
        "`/cowork connectors`  the MCP servers that I work with\n"
        "`/cowork prompt`  begins with a prompt of one of them\n"
        "`/cowork tokens`  lets your scripts and other programs give me tasks\n"
        "`/cowork help`  this text",
        text="How to use Cowork",
    )


def task_list(tasks: Sequence[Task]) -> Message:
    """The answer to `/cowork list`: newest first."""
    if not tasks:
        return said(NO_TASKS)
    more = len(tasks) - TASKS_SHOWN
    blocks: list[Block] = [
        pieces.section("*Your tasks*"),
        *(_task(task, words.moment(task.created_at)) for task in tasks[:TASKS_SHOWN]),
        *([pieces.aside(f"and {more:,} older")] if more > 0 else []),
    ]
    return fit.fit(Message(f"You have {words.count(len(tasks), 'task')}.", blocks))


def status(snapshots: Sequence[Snapshot]) -> Message:
    """The answer to `/cowork status`: the tasks that are not over."""
    running = [snapshot for snapshot in snapshots if not snapshot.task.state.is_over]
    if not running:
        return said("Nothing is running.")
    blocks: list[Block] = [_task(shown.task, _doing(shown)) for shown in running[:TASKS_SHOWN]]
    return fit.fit(Message(f"{words.count(len(running), 'task')} not finished.", blocks))


def said(mrkdwn: str) -> Message:
    """One plain sentence of ours."""
    return _said(mrkdwn, text=mrkdwn)


def refused(reason: str) -> Message:
    """Why something was not done, in the words of a `NotAllowed`."""
    return said(escape.mrkdwn(reason) or "That is not possible.")


def ask(reason: str, whom: str) -> Message:
    """Why something was not done, and who can do it; `whom` is mrkdwn of ours."""
    return said(f"{escape.mrkdwn(reason)} Ask {whom}.")


def decided_already(approval: Approval) -> Message:
    """For the one whose click came second."""
    who = f" by {words.person(approval.decided_by)}" if approval.decided_by else ""
    when = f", {words.moment(approval.decided_at)}" if approval.decided_at else ""
    return said(f"This was already {DECIDED[approval.state]}{who}{when}. Your click changed nothing.")


def decided_before(approval: Approval, what: str) -> str:
    """In a window, which shows no markup; `what` came too late: "Your words"."""
    if approval.state is ApprovalState.LAPSED:
        return "Nobody had answered this in time. It is put again in the thread, as things stand now."
    who = approval.decided_by.name if approval.decided_by else "somebody"
    when = f", {words.plain_moment(approval.decided_at)}" if approval.decided_at else ""
    return f"This was already {DECIDED[approval.state]} by {who}{when}. {what} changed nothing."


def yes_kept(missing: str) -> Message:
    """For the one whose yes is not enough by itself."""
    return said(f"Your yes is kept. Nothing is done yet: it still takes {escape.mrkdwn(missing)}.")


def put_again() -> Message:
    """For the one who approved what had run out."""
    return said("Nobody had answered this in time. I put it to you again below, as things stand now.")


def nothing_to_retry(task: Task) -> Message:
    """For a Retry on a card of before."""
    return said(f"There is nothing to retry in this task. {_NO_RETRY.get(task.state, '')}".strip())


def undone_already(by: str) -> Message:
    """For an Undo on a report whose work somebody took back before."""
    return said(
        f"{escape.mrkdwn_line(by)} pressed Undo on this before; what came of it is in the thread below."
    )


def not_yet(word: str) -> Message:
    """For a word after `/cowork` that is kept for later."""
    return said(f"`/cowork {escape.mrkdwn_line(word)}` is not available yet. See `/cowork help`.")


def too_late() -> Message:
    """For a trigger that expired: a fresh button for the form."""
    blocks = [pieces.section(TOO_LATE), *pieces.buttons([pieces.button("Open the form", OPEN_FORM, "new")])]
    return fit.fit(Message(TOO_LATE, blocks))


def _said(*mrkdwn: str, text: str) -> Message:
    return fit.fit(Message(text, [pieces.section(part) for part in mrkdwn]))


def _task(task: Task, about: str) -> Block:
    goal = fit.clip(escape.mrkdwn_line(task.goal), 200, is_mrkdwn=True)
    said = f"{words.icon(task)} {goal}\nTask {task.id} · {words.state(task)}"
    said += f" · {about}" if about else ""
    return pieces.section(said, accessory=pieces.button(pieces.DETAILS, card.TASK_DETAILS, str(task.id)))


def _doing(snapshot: Snapshot) -> str:
    about = [snapshot.activity or snapshot.task.note, words.duration(snapshot.task, snapshot.now)]
    return " · ".join(fit.clip(escape.mrkdwn_line(part), 300, is_mrkdwn=True) for part in about if part)
