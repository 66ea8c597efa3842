"""What is said of several actions of a request at once: each thing one time, with the numbers of its actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from slack_sdk.models.blocks import Block

from bot.domain.approval import Action
from bot.slack import escape, fit
from bot.slack.views import pieces

SHOWN = 5
LINE = 300
_MANY_WORDS = 12
"""That two reasons have in common."""


def asked(actions: Sequence[Action]) -> list[Block]:
    """Why it asks."""
    return _once("Why it asks", [action.reason for action in actions])


def inverses(actions: Sequence[Action]) -> list[Block]:
    """How Undo would take it back; what could not be taken back says so itself."""
    return _once("What Undo would do afterwards", [action.inverse for action in actions])


def _once(title: str, said: Iterable[str]) -> list[Block]:
    grouped: dict[str, list[int]] = {}
    total = 0
    for number, text in enumerate(said, 1):
        total = number
        if text.strip():
            grouped.setdefault(text.strip(), []).append(number)
    first = next(iter(grouped), "")
    rows = [
        f"{fit.clip(escape.mrkdwn_line(_shorter(text, first)), LINE, is_mrkdwn=True)}{_which(numbers, total)}"
        for text, numbers in list(grouped.items())[:SHOWN]
    ]
    if len(rows) == 1:
        return [pieces.aside(f"{title}: {rows[0]}")]
    more = len(grouped) - len(rows)
    rest = [f"and {more:,} more"] if more else []
    return [pieces.aside("\n".join([title, *(f"• {row}" for row in rows), *rest]))] if rows else []


def _shorter(text: str, first: str) -> str:
    """Of a long sentence that was said already of something else, only what else."""
    words, said = text.split(" "), first.split(" ")
    begin = _alike(words, said)
    end = _alike(words[begin:][::-1], said[begin:][::-1])
    what = words[begin : len(words) - end]
    is_said = what and begin + end >= _MANY_WORDS and begin + end < len(said)
    return f"The same: {' '.join(what).strip(',')}" if is_said else text


def _alike(words: Sequence[str], others: Sequence[str]) -> int:
    """How many they have in common from the beginning on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(words, others, strict=False)))


def _which(numbers: Sequence[int], total: int) -> str:
    """The actions that it is said of, as ranges; nothing when it is for all."""
    if len(numbers) == total:
        return ""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    named = ", ".join("–".join(f"{end}" for end in ends) for ends in ranges[:8])
    return f" ({'action' if len(numbers) == 1 else 'actions'} {named}{', …' if len(ranges) > 8 else ''})"
