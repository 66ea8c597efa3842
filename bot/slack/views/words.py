"""Values in the words and signs that every view uses for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Final

from bot.domain import grant
from bot.domain.effect import Effect
from bot.domain.estimate import Estimate
from bot.domain.grant import FolderGrant
from bot.domain.person import Person
from bot.domain.plan import StepState
from bot.domain.receipt import Deliverable, Receipt
from bot.domain.snapshot import Snapshot
from bot.domain.task import Autonomy, Task, TaskState
from bot.slack import escape

_LASTING = (Effect.CHANGE, Effect.DELETE, Effect.SEND, Effect.PUBLISH)

ICONS: Final[Mapping[TaskState, str]] = {
    TaskState.QUEUED: "⚪",
    TaskState.WORKING: "🔵",
    TaskState.WAITING: "🟡",
    TaskState.PAUSED: "🟠",
    TaskState.DONE: "🟢",
    TaskState.FAILED: "🔴",
    TaskState.STOPPED: "⚫",
}
STATES: Final[Mapping[TaskState, str]] = {
    TaskState.QUEUED: "Queued",
    TaskState.WORKING: "Working",
    TaskState.WAITING: "Waiting",
    TaskState.PAUSED: "Paused",
    TaskState.DONE: "Done",
    TaskState.FAILED: "Failed",
    TaskState.STOPPED: "Stopped",
}
LEVELS: Final[Mapping[Autonomy, str]] = {
    Autonomy.SUPERVISED: "Supervised",
    Autonomy.CHECKPOINT: "Checkpoint",
    Autonomy.AUTONOMOUS: "Autonomous",
}
LEVEL_MEANINGS: Final[Mapping[Autonomy, str]] = {
    Autonomy.SUPERVISED: "Asks before every action.",
    Autonomy.CHECKPOINT: "Asks before it changes what was already there.",
    Autonomy.AUTONOMOUS: "Asks only before it deletes, sends or publishes.",
}

_SLACK_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
_FOLDERS_SHOWN = 3


def icon(task: Task) -> str:
    return "🟠" if _is_partly_done(task) else ICONS[task.state]


def state(task: Task) -> str:
    """One that ended by itself is not done while a step of its plan says that it failed."""
    return "Ended, not all done" if _is_partly_done(task) else STATES[task.state]


def _is_partly_done(task: Task) -> bool:
    return task.state is TaskState.DONE and any(step.state is StepState.FAILED for step in task.plan.steps)


def duration(task: Task, now: datetime) -> str:
    """How long it has worked, "" before it began."""
    if task.started_at is None:
        return ""
    seconds = max(0, int(((task.ended_at or now) - task.started_at).total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min {seconds % 60:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def money(dollars: float | None) -> str:
    """Dollars and cents, "" when the price is unknown."""
    if dollars is None:
        return ""
    return "<$0.01" if 0 < dollars < 0.01 else f"${dollars:,.2f}"


def count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def estimated(estimate: Estimate) -> str:
    """What a plan will take, and how that is known."""
    minutes = max(1, round(estimate.minutes))
    price = f" and {money(estimate.dollars)}" if estimate.dollars else ""
    known = f"by the steps of {estimate.tasks:,} finished tasks"
    return f"Will take about {minutes:,} min of work{price} in all, {known}"


def asked(prompts: int) -> str:
    """How often a person was asked, "" for never."""
    return f"asked {count(prompts, 'time')}" if prompts else ""


def undone(snapshot: Snapshot) -> str:
    """How many of the approved actions a stop left, "" for none."""
    left, approved = len(snapshot.undone), snapshot.approved
    if not left:
        return ""
    if approved == 1:
        return "The approved action was not made"
    if left == approved:
        return f"None of the {approved:,} approved actions were made"
    return f"{left:,} of {approved:,} approved actions {'was' if left == 1 else 'were'} not made"


def own_folder(task: Task) -> str:
    """What every path in the task's own folder holds."""
    return f"/tasks/{task.id}/"


def can_undo(receipt: Receipt, task: Task) -> bool:
    """Whether it changed something for people, and not only a draft of the task's own, and can be taken back."""
    places = [place for place in (receipt.where, receipt.before) if place.startswith("/")]
    is_elsewhere = not places  # in a service, which names it by a link
    return bool(receipt.undo) and (is_elsewhere or any(own_folder(task) not in place for place in places))


def undoing(receipt: Receipt, task: Task) -> str:
    """How it is taken back, where a button offers that; of what lasts that it cannot be."""
    if receipt.undo.strip():
        return f"Undo: {receipt.undo}" if can_undo(receipt, task) else ""
    return "Cannot be undone" if receipt.effect in _LASTING and not receipt.takes_back else ""


def size(octets: int) -> str:
    """A file's size as people say it, in units of 1,000."""
    amount = float(octets)
    for unit in ("bytes", "KB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.1f} {unit}"


def titled(handed: Deliverable) -> str:
    title = handed.title or PurePath(handed.path).name
    return f"Version {handed.version} of {title}" if handed.version > 1 else title


def file_name(handed: Deliverable) -> str:
    """As it is downloaded: no two versions alike."""
    path = PurePath(handed.path)
    return f"{path.stem} (version {handed.version}){path.suffix}" if handed.version > 1 else path.name


def folder(grant: FolderGrant) -> str:
    """A folder by its last name, untrusted: escape it where it is shown."""
    name = PurePath(grant.path).name or grant.path
    return name if grant.writable else f"{name} (read only)"


def folders(grants: Iterable[FolderGrant]) -> str:
    """The folders of a task on one line, untrusted."""
    names = [folder(grant) for grant in grants]
    more = len(names) - _FOLDERS_SHOWN
    return ", ".join(names[:_FOLDERS_SHOWN]) + (f" and {more} more" if more > 0 else "")


def near(text: str, grants: Iterable[FolderGrant]) -> str:
    """`text` with each path in a granted folder shortened to start with that folder's own name; untrusted."""
    return grant.near(text, grants)


def person(who: Person) -> str:
    """A mention, in mrkdwn, of someone in Slack; the name of anyone else."""
    return f"<@{who.user}>" if _SLACK_USER.fullmatch(who.user) else escape.mrkdwn_line(who.name or who.user)


def moment(at: datetime) -> str:
    """A point in time, in mrkdwn, as each reader's own clock shows it."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{plain_moment(at)}>"


def plain_moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def quote(text: str) -> str:
    """Someone's words as a mrkdwn quotation."""
    return "\n".join(f"> {row}" for row in escape.mrkdwn(text.strip()).split("\n"))
