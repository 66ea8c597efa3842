"""What is said in a thread when nobody has decided for a while: to the requester, then to others who may."""

from __future__ import annotations

from bot.domain.approval import Approval
from bot.domain.patience import ESCALATED
from bot.domain.task import Task
from bot.slack import escape, fit
from bot.slack.views import pieces, words
from bot.slack.views.message import Message


def reminder(approval: Approval, task: Task, others: str, *, nudge: int, is_theirs: bool = True) -> Message:
    """`nudge` is the how manieth time they are told. `others` who may decide are called, in mrkdwn.

    They are called at once where it is not the requester's to decide.
    """
    title = fit.clip(escape.mrkdwn_line(approval.draft.title or "Checkpoint"), 200, is_mrkdwn=True)
    since = words.moment(approval.created_at)
    if nudge == ESCALATED:
        asked = f"{others} nobody has decided this since {since}, and you may: *{title}*"
        plain = f"Nobody has decided this yet: {title}"
    elif is_theirs:
        asked = f"{words.person(task.person)} this has been waiting for you since {since}: *{title}*"
        plain = f"This waits for you: {title}"
    else:
        asked = (
            f"{others} this has been waiting for you since {since}: *{title}* "
            f"({words.person(task.person)}'s task)"
        )
        plain = f"This waits for a decision: {title}"
    kept = "Nothing of it has been done. The request is above in this thread."
    return fit.fit(Message(plain, [pieces.section(asked), pieces.aside(kept)]))
