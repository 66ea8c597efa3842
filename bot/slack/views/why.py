"""“Why did you do that?” answered from the audit log, for whoever asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
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
_TOGETHER: Final = 5
_FROM: Final = "From the audit log, not from the model"


def why(account: Account, question: Question, who: Who) -> Message:
    """Of the newest effects; all of it is told by `cowork audit why`."""
    blocks: list[Block] = [pieces.section(_mrkdwn(wording.opening(account, who)))]
    blocks += _decisions(account.asked, who) if question is Question.WHO else _effects(account.effects, who)
    closing = f"{wording.closing(account)} {_FROM}; all of it: `cowork audit why {account.task}`."
    return fit.fit(Message(f"Task {account.task}, from the audit log", [*blocks, pieces.aside(closing)]))


def _effects(deeds: Sequence[Deed], who: Who) -> Iterator[Block]:
    """What was done in one go for one reason is told together."""
    if not deeds:
        yield pieces.section("It has changed nothing.")
    groups = [tuple(group) for _, group in groupby(deeds, _reason)]
    yield from _earlier(sum(map(len, groups[:-_SHOWN])))
    for group in groups[-_SHOWN:]:
        told = wording.together(group, who) if len(group) > 1 else wording.deed(group[0], who)
        done, reasons = told[: len(group)], told[len(group) :]
        most = 2_500 // min(len(done), _TOGETHER)
        more = [f"and {len(done) - _TOGETHER:,} more"] if len(done) > _TOGETHER else []
        yield pieces.section("\n".join([*(f"*{_mrkdwn(what, most)}*" for what in done[:_TOGETHER]), *more]))
        yield pieces.aside(_mrkdwn("\n".join(line.strip() for line in reasons)))


def _reason(one: Deed) -> tuple[object, ...]:
    return one.tool, one.rule, one.is_denied, one.is_done, one.asked, one.labels, one.request_id


def _decisions(asked: Sequence[Asked], who: Who) -> Iterator[Block]:
    if not asked:
        yield pieces.section("Nobody was asked for anything: what was done is allowed without.")
    yield from _earlier(len(asked) - _SHOWN)
    for one in asked[-_SHOWN:]:
        yield pieces.section(_mrkdwn(wording.decided(one, who)))


def _earlier(count: int) -> Iterator[Block]:
    if count > 0:
        yield pieces.aside(f"{count:,} earlier are not shown here.")


def _mrkdwn(text: str, most: int = 2_500) -> str:
    return fit.clip(escape.mrkdwn(text), most, is_mrkdwn=True)
