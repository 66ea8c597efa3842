"""What someone is told, privately, whose words held a secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.slack import escape, fit
from bot.slack.views import pieces
from bot.slack.views.message import Message

_TITLE: Final = "I hid a secret in what you wrote"
_KINDS: Final = 5


def hidden(kinds: Sequence[str]) -> Message:
    """`kinds` are what was hidden, such as "GitHub token"."""
    named = ", ".join(escape.mrkdwn_line(kind) for kind in kinds[:_KINDS])
    more = len(kinds) - _KINDS
    what = f"{named} and {more} more" if more > 0 else named
    return fit.fit(
        Message(
            _TITLE,
            [
                pieces.section(
                    f"*{_TITLE}:* {what}. I did not keep it, and showed it to no model. The rest of your "
                    "words stands."
                ),
                pieces.section(
                    "If your message stands in Slack, delete it there, and *revoke the secret* where you got it: "
                    "whoever could read the message has it. What I may use is given to me by an operator, never in "
                    "a message."
                ),
            ],
        )
    )
