"""The modal behind `Details`: what the task is, and its log, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.domain.snapshot import LogLine, Snapshot
from bot.domain.task import Task
from bot.policy import briefly
from bot.slack import escape, fit
from bot.slack.views import pieces, words

DETAILS = "details"
DETAILS_PAGE = "details_page"

PAGE_LINES = 20

_SIGNS: Final[Mapping[str, str]] = {"ok": "✓", "failed": "✗", "denied": "⊘", "held": "⏸️", "unknown": "?"}


def details(snapshot: Snapshot, log: Sequence[LogLine], page: int = 1) -> View:
    """One page of the log; a page that does not exist is the nearest that does."""
    task = snapshot.task
    pages = max(1, -(-len(log) // PAGE_LINES))
    page = min(max(page, 1), pages)
    newest = list(reversed(log))[(page - 1) * PAGE_LINES : page * PAGE_LINES]
    blocks: list[Block] = [
        pieces.literal(fit.clip(task.goal, 1000)),
        pieces.aside(_facts(snapshot)),
        *([pieces.folder_list(task.folders)] if task.folders else []),
        *_brief(task),
        pieces.section(
            f"*Log*  {words.count(len(log), 'line')}, newest first" if log else "Nothing has happened yet."
        ),
        *(_line(line) for line in newest),
        *pieces.pager(DETAILS_PAGE, str(task.id), page, pages),
    ]
    return fit.fit_view(
        View(
            type="modal",
            callback_id=DETAILS,
            title=pieces.plain(f"Task {task.id}"),
            close=pieces.plain("Close"),
            private_metadata=str(task.id),
            blocks=blocks,
        )
    )


def _brief(task: Task) -> list[Block]:
    """What the requester's words fix, each with what it means to the rules; and what changed it."""
    bound = [f"• {escape.mrkdwn_line(line)}" for line in briefly.in_full(task.brief)]
    changed = [
        f"• {escape.mrkdwn_line(one.said)} — {escape.mrkdwn_line(one.by)}, {words.moment(one.at)}"
        for one in task.brief.amendments
    ]
    said = [*(["*You said*", *bound] if bound else []), *(["*Changed since*", *changed] if changed else [])]
    return [pieces.section(fit.clip("\n".join(said), 2900, is_mrkdwn=True))] if said else []


def _facts(snapshot: Snapshot) -> str:
    task = snapshot.task
    facts = [
        f"{words.icon(task)} {words.state(task)}",
        f"asked by {words.person(task.person)}",
        words.moment(task.created_at),
        words.duration(task, snapshot.now),
        escape.mrkdwn(words.money(task.spent.dollars)),
        words.count(task.spent.turns, "turn"),
        words.asked(snapshot.prompts) or "asked nobody",
        f"{task.spent.input_tokens:,} tokens in, {task.spent.output_tokens:,} out",
        words.estimated(snapshot.estimate) if snapshot.estimate else "",
        words.LEVELS[task.autonomy],
        f"reference {escape.mrkdwn_line(task.reference)}" if task.reference else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def _line(line: LogLine) -> Block:
    what = fit.clip(escape.mrkdwn_line(line.what), 600, is_mrkdwn=True)
    outcome = fit.clip(escape.mrkdwn_line(line.outcome), 100, is_mrkdwn=True)
    why = fit.clip(escape.mrkdwn_line(line.why), 600, is_mrkdwn=True)
    said = f"{_SIGNS.get(line.outcome, '•')} {what}\n{words.moment(line.at)} · {outcome}"
    return pieces.aside(said + (f" · {why}" if why else ""))
