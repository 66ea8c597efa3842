"""What a person changed of the arguments of an action, on the request that asks for it as it is now."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.domain.approval import Action
from bot.domain.revision import Revision
from bot.slack import escape, fit
from bot.slack.views import pieces

SHOWN = 5
ROOM = 1_500


def changed(actions: Sequence[Action]) -> list[Block]:
    """By whom, and old and new, action by action; the whole of a long text is under "Show all"."""
    found = [(number, one.revision) for number, one in enumerate(actions, 1) if one.revision is not None]
    shown = [
        block for number, one in found[:SHOWN] for block in _change(number if len(actions) > 1 else 0, one)
    ]
    more = len(found) - SHOWN
    return [*shown, pieces.aside(f"and {more:,} more were changed")] if more > 0 else shown


def _change(number: int, revision: Revision) -> list[Block]:
    what = f"Action {number:,} was changed by" if number else "Changed by"
    who = fit.clip(escape.mrkdwn_line(revision.by), 100, is_mrkdwn=True)
    return [
        pieces.section(f"✏️ *{what} {who}*"),
        pieces.verbatim(fit.clip(escape.exact(revision.told), ROOM)),
    ]
