"""What became of a request: who decided what, and what was left out of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from slack_sdk.models.blocks import Block

from bot.domain.approval import Approval, ApprovalState
from bot.slack import escape, fit
from bot.slack.views import deciders, pieces, words

ACTIONS_SHOWN = 10
PREVIEW = 300

DECIDED: Final[Mapping[ApprovalState, str]] = {
    ApprovalState.PENDING: "⏸️ Waiting",
    ApprovalState.APPROVED: "✅ Approved",
    ApprovalState.REDIRECTED: "↪️ Redirected",
    ApprovalState.ANSWERED: "💬 Answered",
    ApprovalState.STOPPED: "⏹️ Stopped",
    ApprovalState.LAPSED: "⌛ Nobody answered in time; asked again",
    ApprovalState.EDITED: "✏️ Changed",
}


def decision(approval: Approval) -> list[Block]:
    who = f" by {words.person(approval.decided_by)}" if approval.decided_by else ""
    if approval.state is ApprovalState.APPROVED and len(approval.said_yes) > 1:
        who = f" by {deciders.together(approval)}"
    when = f" · {words.moment(approval.decided_at)}" if approval.decided_at else ""
    said: list[Block] = [pieces.section(f"{DECIDED[approval.state]}{who}{when}"), *_left_out(approval)]
    if approval.state is ApprovalState.EDITED:
        said.append(pieces.aside("Nothing of this was done. It is asked again below, as it was changed."))
    if approval.words.strip():
        said.append(pieces.section(words.quote(fit.clip(approval.words, 1000))))
    return said


def _left_out(approval: Approval) -> list[Block]:
    if not approval.left_out:
        return []
    count, total = len(approval.left_out), len(approval.draft.actions)
    previews = [escape.line(escape.exact(action.preview)) for action in approval.without[:ACTIONS_SHOWN]]
    rows = [[pieces.words(fit.clip(preview, PREVIEW))] for preview in previews]
    more = [pieces.aside(f"and {count - ACTIONS_SHOWN:,} more")] if count > ACTIONS_SHOWN else []
    return [pieces.section(f"*Left out: {count:,} of {total:,}*"), pieces.rich_list(rows), *more]
