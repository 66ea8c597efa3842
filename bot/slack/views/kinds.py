"""Kinds of calls: the offer to approve all of one for a task, and what was allowed, with a way to take it back."""

from __future__ import annotations

from pathlib import PurePath

from slack_sdk.models.blocks import Block

from bot.domain.approval import Approval
from bot.domain.kind import LASTS, USES, Kind
from bot.domain.snapshot import Snapshot
from bot.domain.task import Task
from bot.policy.kinds import offered
from bot.slack import escape, fit
from bot.slack.views import pieces, words

APPROVAL_KIND = "approval_kind"
TASK_WITHDRAW = "task_withdraw"

APPROVE_KIND = "Allow all of this kind"
WITHDRAW = "Withdraw"

Offer = Kind | None


def offer(approval: Approval, task: Task, *, takes: str) -> Kind | None:
    """Where the requester's own word is enough, and it can still be given."""
    is_open = approval.is_pending and not approval.has_lapsed and not takes
    return offered(approval.draft, task) if is_open else None


def meaning(kind: Offer) -> list[Block]:
    """What the button allows besides what is shown."""
    if kind is None:
        return []
    hours = int(LASTS.total_seconds() // 3600)
    said = (
        f"“{APPROVE_KIND}” also allows up to {USES} more {_in_words(kind)} in this task, for {hours} hours. "
        "You can withdraw it on the card."
    )
    return [pieces.aside(said)]


def allowed(snapshot: Snapshot) -> list[Block]:
    """On the card, while it holds."""
    if snapshot.task.state.is_over:
        return []
    return [
        pieces.section(
            f"✅ {words.person(one.by)} approved up to {one.left} more {_in_words(one.kind)} "
            f"until {words.moment(one.until)}.",
            accessory=pieces.button(WITHDRAW, pieces.numbered(TASK_WITHDRAW, number), one.id),
        )
        for number, one in enumerate(snapshot.kinds)
    ]


def _in_words(kind: Kind) -> str:
    """ "edit file" in reports."""
    where = fit.clip(
        escape.mrkdwn_line(escape.exact(PurePath(kind.where).name or kind.where)), 200, is_mrkdwn=True
    )
    return f"“{escape.mrkdwn_line(kind.tool.replace('_', ' '))}” in {where}"
