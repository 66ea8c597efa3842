"""What is offered to the requester alone: where else to go on when we cannot post, and to begin again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement

from bot.domain.task import Task
from bot.slack import escape, fit
from bot.slack.views import pieces, words
from bot.slack.views.message import Message

OFFER_JOIN = "offer_join"
OFFER_DIRECT = "offer_direct"
OFFER_AGAIN = "offer_again"

JOINED: Final = "I joined the channel and go on there."
MOVED: Final = "I go on in our direct messages."
CANNOT_JOIN: Final = (
    "I cannot join that channel by myself. Invite me with `/invite @cowork`, and I go on there."
)
BEGUN_AGAIN: Final = "I have already started again with the new goal. Its card is in this thread."

_RUNNING: Final = (
    "I go on with the first wording. Starting again stops that; what is done so far stays as it is."
)
_ENDED: Final = "The task with the first wording has ended; what it did stays as it is."
_GOAL_SHOWN: Final = 1_500
_GOAL_ON_CARD: Final = 600

_WHY: Final = {
    "not_in_channel": "I am not a member",
    "channel_not_found": "I am not a member",
    "is_archived": "it is archived",
    "restricted_action": "posting there is restricted",
    "messages_tab_disabled": "messages to me are turned off",
}


def cannot_post(task: Task, reason: str) -> Message:
    """Offers to join, where that may help, and to go on directly."""
    goal = fit.clip(escape.mrkdwn_line(task.goal), 200, is_mrkdwn=True)
    why = _WHY.get(reason) or (
        "posting there is restricted" if reason.startswith("restricted") else "Slack refused"
    )
    where = f"<#{task.place.channel}>" if task.place.channel[:1] in ("C", "G") else "that conversation"
    said = f"I cannot post in {where}: {why} ({escape.mrkdwn_line(reason)}). My work on “{goal}” goes on unseen there."
    offered = [pieces.button("Go on in a direct message", OFFER_DIRECT, str(task.id), style="primary")]
    if reason in ("not_in_channel", "channel_not_found"):
        offered.append(pieces.button("Join the channel", OFFER_JOIN, str(task.id)))
    return fit.fit(Message(f"I cannot post in {where}.", [pieces.section(said), *pieces.buttons(offered)]))


def begin_again(task: Task, goal: str) -> Message:
    """To whoever edited the goal of `task`: the new words, and a button that begins with them."""
    asked = "You changed the goal. Shall I start again with the new one?"
    blocks = [
        pieces.section(f"*{asked}*"),
        pieces.section(words.quote(fit.clip(goal, _GOAL_SHOWN))),
        pieces.aside(_ENDED if task.state.is_over else _RUNNING),
        *pieces.buttons([_start_again(task)]),
    ]
    return fit.fit(Message(asked, blocks))


def edited_goal(task: Task) -> list[Block]:
    """The same offer on its card, where it is found again; only the requester can take it."""
    said = f"*{words.person(task.person)} changed the goal*\n{words.quote(fit.clip(task.edited_goal, _GOAL_ON_CARD))}"
    return [
        pieces.section(said, accessory=_start_again(task)),
        pieces.aside(_ENDED if task.state.is_over else _RUNNING),
    ]


def cannot_read(files: Sequence[str]) -> Message:
    """For a message that came with files."""
    names = fit.clip(", ".join(escape.mrkdwn_line(name) for name in files), 500, is_mrkdwn=True)
    return _said(
        f"I cannot read files from Slack yet ({names}). Put them into a granted folder and name them there."
    )


def whose(task: Task, *, is_offered: bool = False) -> Message:
    """For someone who mentioned us in a thread that is not theirs to steer."""
    offered = " I showed them what you wrote; they say whether I take it up." if is_offered else ""
    return _said(
        f"This task is {words.person(task.person)}'s. Only they, and those they add, steer it.{offered}"
    )


def _start_again(task: Task) -> ButtonElement:
    return pieces.button("Start again", OFFER_AGAIN, str(task.id), style="primary")


def _said(mrkdwn: str) -> Message:
    return fit.fit(Message(mrkdwn, [pieces.section(mrkdwn)]))
