"""What may be speaking through a request, in lines: what was read before it, and what in there it repeats."""

from __future__ import annotations

from bot.domain.approval import Draft
from bot.policy.words import short

_SOURCES, _QUOTES, _LONGEST = 3, 5, 300


def behind(draft: Draft) -> list[str]:
    """Nothing where the task had read nothing of others."""
    if not draft.read:
        return []
    newest = [short(name) for name in reversed(draft.read[-_SOURCES:])]
    more = len(draft.read) - len(newest)
    read = f"{', '.join(newest)}{f' and {more:,} more' if more else ''}"
    quoted = dict.fromkeys(one for action in draft.actions for one in action.influences)
    quotes = [f"  “{_clipped(one.quote)}” — {short(one.source)}" for one in list(quoted)[:_QUOTES]]
    head = ["Lines in there that hold what it asks for now:"] if quotes else []
    return [f"Before this it read what others could have written: {read}", *head, *quotes]


def _clipped(quote: str) -> str:
    line = " ".join(quote.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
