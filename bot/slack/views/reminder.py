"""What is said in a thread when nobody has decided for a while: to the requester, then to the approvers."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.approval import Approval
from bot.domain.patience import ESCALATED
from bot.domain.task import Task
from bot.slack import escape, fit
from bot.slack.views import pieces, words
from bot.slack.views.message import Message

_MOST = 10


def reminder(approval: Approval, task: Task, approvers: Collection[str], *, nudge: int) -> Message:
    """`nudge` is the how manieth time they are told."""
    title = fit.clip(escape.mrkdwn_line(approval.draft.title or "Checkpoint"), 200, is_mrkdwn=True)
    since = words.moment(approval.created_at)
    if nudge == ESCALATED:
        called = " ".join(f"<@{user}>" for user in sorted(approvers)[:_MOST])
        asked = f"{called} nobody has decided this since {since}, and you may: *{title}*"
        plain = f"Nobody has decided this yet: {title}"
    else:
        asked = f"{words.person(task.person)} this has been waiting for you since {since}: *{title}*"
        plain = f"This waits for you: {title}"
    kept = "Nothing of it has been done. The request is above in this thread."
    return fit.fit(Message(plain, [pieces.section(asked), pieces.aside(kept)]))
