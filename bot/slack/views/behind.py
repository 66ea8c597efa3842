"""What may be speaking through a call that asks: what the task had read, and lines of it that the call repeats."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.domain.approval import Draft
from bot.domain.influence import Influence
from bot.policy.words import short
from bot.slack import escape, fit
from bot.slack.views import pieces

SOURCES_SHOWN = 3
"""All of so few; of more the last one alone: a long list of names decides nothing."""
QUOTES_SHOWN = 5
_NAME = 60
_QUOTE = 300


def behind(draft: Draft) -> list[Block]:
    """Nothing where the task had read nothing of others. What they wrote is shown as it is: no markup in it acts."""
    if not draft.read:
        return []
    shown = draft.read if len(draft.read) <= SOURCES_SHOWN else draft.read[-1:]
    newest = [_short(name) for name in reversed(shown)]
    more = len(draft.read) - len(newest)
    read = f"{', '.join(newest)}{f' and {more:,} more' if more else ''}"
    return [
        pieces.aside(f"Before this it read what others could have written: {escape.mrkdwn_line(read)}"),
        *_quotes(draft),
    ]


def _quotes(draft: Draft) -> list[Block]:
    """Each line once, with the actions that may come from it."""
    numbers: dict[Influence, list[int]] = {}
    for number, action in enumerate(draft.actions, 1):
        for influence in action.influences:
            numbers.setdefault(influence, []).append(number)
    if not numbers:
        return []
    rows = [
        [
            pieces.words(f"“{_exactly(one.quote, _QUOTE)}”", italic=True),
            pieces.words(f" — {_short(one.source)}{_of(which, len(draft.actions))}"),
        ]
        for one, which in list(numbers.items())[:QUOTES_SHOWN]
    ]
    return [pieces.aside("Lines in there that hold what it asks for now"), pieces.rich_list(rows)]


def _of(numbers: Sequence[int], total: int) -> str:
    if total == 1:
        return ""
    shown = ", ".join(str(number) for number in numbers[:5])
    return f" (action{'s' if len(numbers) > 1 else ''} {shown}{', …' if len(numbers) > 5 else ''})"


def _short(name: str) -> str:
    return fit.clip(escape.line(escape.exact(short(name))), _NAME)


def _exactly(text: str, most: int) -> str:
    return fit.clip(escape.line(escape.exact(text)), most)
