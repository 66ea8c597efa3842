"""“Why did you do that?” answered from the audit log, for whoever asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from slack_sdk.models.blocks import Block

from bot.audit import wording
from bot.audit.account import Account, Asked, Deed
from bot.audit.questions import Question
from bot.audit.wording import Who
from bot.slack import escape, fit
from bot.slack.views import pieces
from bot.slack.views.message import Message

_SHOWN: Final = 8
_FROM: Final = "From the audit log, not from the model"


def why(account: Account, question: Question, who: Who) -> Message:
    """Of the newest effects; all of it is told by `cowork audit why`."""
    blocks: list[Block] = [pieces.section(_mrkdwn(wording.opening(account, who)))]
    blocks += _decisions(account.asked, who) if question is Question.WHO else _effects(account.effects, who)
    closing = f"{wording.closing(account)} {_FROM}; all of it: `cowork audit why {account.task}`."
    return fit.fit(Message(f"Task {account.task}, from the audit log", [*blocks, pieces.aside(closing)]))


def _effects(deeds: Sequence[Deed], who: Who) -> Iterator[Block]:
    if not deeds:
        yield pieces.section("It has changed nothing.")
    yield from _earlier(len(deeds))
    for deed in deeds[-_SHOWN:]:
        what, *reasons = wording.deed(deed, who)
        yield pieces.section(f"*{_mrkdwn(what)}*")
        yield pieces.aside(_mrkdwn("\n".join(line.strip() for line in reasons)))


def _decisions(asked: Sequence[Asked], who: Who) -> Iterator[Block]:
    if not asked:
        yield pieces.section("Nobody was asked for anything: what was done is allowed without.")
    yield from _earlier(len(asked))
    for one in asked[-_SHOWN:]:
        yield pieces.section(_mrkdwn(wording.decided(one, who)))


def _earlier(count: int) -> Iterator[Block]:
    if count > _SHOWN:
        yield pieces.aside(f"{count - _SHOWN:,} earlier are not shown here.")


def _mrkdwn(text: str) -> str:
    return fit.clip(escape.mrkdwn(text), 2_500, is_mrkdwn=True)
