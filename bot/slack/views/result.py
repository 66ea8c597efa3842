"""The report: outcome first, then what is handed over, then what was done, as the journal has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from slack_sdk.models.blocks import Block, ButtonElement, MarkdownBlock
from slack_sdk.models.blocks.block_elements import RichTextElement

from bot.domain.receipt import Deliverable, Receipt
from bot.domain.snapshot import Snapshot
from bot.domain.task import Task, TaskState
from bot.slack import escape, fit
from bot.slack.views import card, pieces, words
from bot.slack.views.message import Message

TASK_UNDO = "task_undo"

RECEIPTS_SHOWN = 12
DELIVERABLES_SHOWN = 10
UNDONE_SHOWN = 10
FIELD = 200

_STILL_SO = "The last look at the files found this, and it is still so:"
_MARKS = re.compile(r"\*\*|__|^#{1,6} ", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class TextFile:
    """Text too long for a message, to be uploaded into the thread under this name."""

    name: str
    title: str
    content: str


def result(snapshot: Snapshot) -> list[Message]:
    """The report in one message, or several when the outcome is long."""
    if snapshot.task.state is TaskState.FAILED:
        return [error_card(snapshot)]
    outcome = fit.parts(_outcome(snapshot), snapshot.links)
    first: list[list[Block]] = [[MarkdownBlock(text=part)] for part in outcome.messages]
    rest = _rest(snapshot, is_cut=outcome.overflow is not None)
    if fit.size([*first[-1], *rest]) <= fit.CHARACTERS:
        first[-1].extend(rest)
    else:
        first.append(rest)
    fallback = fit.clip(escape.mrkdwn(_MARKS.sub("", _outcome(snapshot))), 300, is_mrkdwn=True)
    return [fit.fit(Message(fallback, blocks)) for blocks in first]


def files(snapshot: Snapshot) -> list[TextFile]:
    """What the report is too long to show whole: the outcome, the list of receipts."""
    found = []
    overflow = fit.parts(_outcome(snapshot), snapshot.links).overflow
    if overflow is not None:
        found.append(TextFile(name=_outcome_file(snapshot.task), title="The full result", content=overflow))
    if len(snapshot.receipts) > RECEIPTS_SHOWN:
        content = "# What was done\n\n" + "".join(
            f"{number}. {_receipt_line(receipt, snapshot.task)}\n"
            for number, receipt in enumerate(snapshot.receipts, 1)
        )
        found.append(TextFile(name=_receipts_file(snapshot.task), title="What was done", content=content))
    return found


def error_card(snapshot: Snapshot) -> Message:
    """One card for a failure: what failed, what was kept, what to do, `Retry`, and the reference."""
    task = snapshot.task
    retry = pieces.button(pieces.RETRY, card.TASK_RETRY, str(task.id), style="primary")
    details = pieces.button(pieces.DETAILS, card.TASK_DETAILS, str(task.id))
    failed = fit.clip(escape.mrkdwn_line(task.note), 300, is_mrkdwn=True)
    return fit.fit(
        Message(
            f"This did not work out: {failed}" if failed else "This did not work out.",
            [
                pieces.section("🔴 *This did not work out*"),
                *card.what_happened(snapshot),
                *_receipts(snapshot),
                *pieces.buttons([retry, *_undo_button(snapshot), details]),
            ],
        )
    )


def _outcome(snapshot: Snapshot) -> str:
    task = snapshot.task
    answer = task.answer if escape.visible(task.answer).strip() else ""
    if task.state is TaskState.STOPPED:
        answer = answer if task.round == 1 else ""  # it is of an earlier round, which has its own report
        stopped = f"Stopped by {escape.line(task.stop_by)}." if task.stop_by else "Stopped."
        changed = snapshot.receipts or snapshot.deliverables or snapshot.unknown
        return f"{stopped}{'' if changed else ' Nothing was changed.'}\n\n{answer}".strip()
    return answer or "Done."


def _rest(snapshot: Snapshot, *, is_cut: bool) -> list[Block]:
    task = snapshot.task
    cut = [pieces.aside(f"The full text is in `{_outcome_file(task)}`.")] if is_cut else []
    details = pieces.button(pieces.DETAILS, card.TASK_DETAILS, str(task.id))
    return [
        *cut,
        *_deliverables(snapshot.deliverables),
        *_named("Asked for, and missing", task.brief.missing, task),
        *_named("Look at this", task.brief.doubts, task, about=_STILL_SO),
        *_receipts(snapshot),
        *_undone(snapshot),
        *_unknown(snapshot),
        *_open_steps(task),
        *pieces.buttons([*_undo_button(snapshot), details]),
    ]


def _undo_button(snapshot: Snapshot) -> list[ButtonElement]:
    """For this round, where it changed something that is not only the task's own."""
    task = snapshot.task
    if not any(words.can_undo(receipt, task) for receipt in snapshot.receipts):
        return []
    return [pieces.button(pieces.UNDO, pieces.numbered(TASK_UNDO, task.round), str(task.id))]


def _deliverables(deliverables: Sequence[Deliverable]) -> list[Block]:
    if not deliverables:
        return []
    shown = [_deliverable(deliverable) for deliverable in deliverables[:DELIVERABLES_SHOWN]]
    more = len(deliverables) - len(shown)
    note = [pieces.aside(f"and {words.count(more, 'more file')}")] if more else []
    return [pieces.section("*Handed over in this thread*"), pieces.rich_list(shown), *note]


def _deliverable(deliverable: Deliverable) -> list[RichTextElement]:
    name = PurePath(deliverable.path).name
    above = f"version {deliverable.version - 1} is above" if deliverable.version > 1 else ""
    said = [_short(name), words.size(deliverable.size), above, _short(deliverable.comment)]
    about = " · ".join(part for part in said if part)
    return [pieces.words(_short(words.titled(deliverable)), bold=True), pieces.words(f" · {about}")]


def _receipts(snapshot: Snapshot) -> list[Block]:
    receipts, task = snapshot.receipts, snapshot.task
    if not receipts:
        return []
    more = len(receipts) - RECEIPTS_SHOWN
    return [
        pieces.section(f"*What was done*\n{words.count(len(receipts), 'action')}, from the journal"),
        pieces.rich_list(_receipt(receipt, task) for receipt in receipts[:RECEIPTS_SHOWN]),
        *([pieces.aside(f"and {more:,} more in `{_receipts_file(task)}`")] if more > 0 else []),
    ]


def _receipt(receipt: Receipt, task: Task) -> list[RichTextElement]:
    said = [pieces.words(_short(receipt.what), bold=True)]
    for detail in _details(receipt):
        said.append(pieces.words(f" · {_short(_near(detail, task))}"))
    undo = _short(words.undoing(receipt, task))
    return [*said, pieces.words(f" · {undo}", italic=True)] if undo else said


def _near(detail: str, task: Task) -> str:
    """Paths as a person knows them: from a granted folder on, or within the task's own folder."""
    own = words.own_folder(task)
    parts = [f"{part}/" for part in words.near(detail, task.folders).split(" → ")]
    within = (part.split(own, 1)[1] if part[:1] == "/" and own in part else part for part in parts)
    return " → ".join(part[:-1] or "its own folder" for part in within)


def _receipt_line(receipt: Receipt, task: Task) -> str:
    """A receipt as one line of the Markdown file, in full."""
    said = [receipt.what, *_details(receipt), words.undoing(receipt, task)]
    return " · ".join(escape.line(part) for part in said if part)


def _details(receipt: Receipt) -> list[str]:
    """Where, and what changed there."""
    if receipt.before and receipt.after == receipt.where:
        return [f"{receipt.before} → {receipt.after}"]
    if receipt.before and receipt.after:
        return [receipt.where, f"{receipt.before} → {receipt.after}"]
    before = f"before: {receipt.before}" if receipt.before else ""
    return [detail for detail in (receipt.where, before, receipt.after) if detail]


def _undone(snapshot: Snapshot) -> list[Block]:
    """What a person approved, and a stop came before."""
    return _named("Not done", snapshot.undone, snapshot.task, about=words.undone(snapshot))


def _unknown(snapshot: Snapshot) -> list[Block]:
    return _named("May or may not have happened", snapshot.unknown, snapshot.task)


def _open_steps(task: Task) -> list[Block]:
    """What a stopped task had planned and did not get to: its own words, not what was done."""
    is_stopped = task.state is TaskState.STOPPED
    return _named("Open steps of the plan", [step.title for step in task.plan.open_steps if is_stopped], task)


def _named(title: str, names: Sequence[str], task: Task, *, about: str = "") -> list[Block]:
    if not names:
        return []
    more = len(names) - UNDONE_SHOWN
    return [
        pieces.section(f"*{title}*" + (f"\n{about}" if about else "")),
        pieces.rich_list([pieces.words(_short(_near(name, task)))] for name in names[:UNDONE_SHOWN]),
        *([pieces.aside(f"and {more:,} more")] if more > 0 else []),
    ]


def _outcome_file(task: Task) -> str:
    return f"result-{task.id}.md"


def _receipts_file(task: Task) -> str:
    return f"actions-{task.id}.md"


def _short(text: str) -> str:
    return fit.clip(escape.line(text), FIELD)
