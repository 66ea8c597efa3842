"""Who steers a task, on its card; a task that is offered to somebody; and words that are offered to its owner."""

from __future__ import annotations

from typing import Final

from slack_sdk.models.blocks import Block

from bot.domain.person import Person
from bot.domain.remark import Remark
from bot.domain.task import Task
from bot.slack import escape, fit
from bot.slack.views import pieces, words
from bot.slack.views.message import Message

CREW_ACCEPT: Final = "crew_accept"
CREW_DECLINE: Final = "crew_decline"
REMARK_TAKE: Final = "remark_take"
REMARK_LEAVE: Final = "remark_leave"

TAKEN: Final = "I took it up."
LEFT: Final = "I leave it."
ANSWERED: Final = "You have answered this already."
ACCEPTED: Final = "The task is yours now. Reply in its thread to steer it."
DECLINED: Final = "I told them that you do not take it over."

_SHOWN = 2_000
_NAMED = 5


def of_task(task: Task) -> list[Block]:
    """A line for the card, where somebody besides the one who asked has to do with it."""
    before = [one for one in task.crew.before if not task.is_steered_by(one)]
    if not task.crew.helpers and not before:
        return []
    said = [f"{words.person(task.person)}'s task"]
    if task.crew.helpers:
        named = ", ".join(words.person(one) for one in task.crew.helpers[:_NAMED])
        more = len(task.crew.helpers) - _NAMED
        said.append(f"steered with {named}" + (f" and {more} more" if more > 0 else ""))
    if before:
        said.append(f"before by {', '.join(words.person(one) for one in before[-_NAMED:])}")
    return [pieces.aside(" · ".join(said))]


def handing_over(task: Task, ref: str) -> Message:
    """What stands in the thread while somebody is asked to take the task over, and what came of it."""
    was, to = (Person(team=task.person.team, user=user, name=user) for user in ref.split(":")[:2])
    who, other = words.person(was), words.person(to)
    goal = fit.clip(escape.mrkdwn_line(task.goal), 200, is_mrkdwn=True)
    if task.crew.offer == ref:
        asked = f"{other} {who} asks you to take this task over: *{goal}*"
        means = (
            "Then you steer it and decide for it, and it counts as yours. What was ruled out stays ruled out."
        )
        buttons = [
            pieces.button("Take it over", CREW_ACCEPT, str(task.id), style="primary"),
            pieces.button("Decline", CREW_DECLINE, str(task.id)),
        ]
        blocks = [pieces.section(asked), pieces.aside(means), *pieces.buttons(buttons)]
        return fit.fit(Message(f"Will you take this task over? {goal}", blocks))
    is_handed = any(one.user == was.user for one in task.crew.before) and _has_had(task, to)
    said = (
        f"{other} took this task over from {who}."
        if is_handed
        else f"The task was not handed over to {other}."
    )
    return fit.fit(Message("Handed over" if is_handed else "Not handed over", [pieces.section(said)]))


def remark(one: Remark, task: Task) -> Message:
    """To the task's owner alone: somebody's words, which no model has read."""
    who = words.person(one.person)
    shown = escape.visible(one.text).strip()
    goal = fit.clip(escape.mrkdwn_line(task.goal), 120, is_mrkdwn=True)
    if len(shown) > _SHOWN:
        said = f"{who} wrote a long message in the thread of “{goal}”. If I am to heed it, say it in your own words."
        return fit.fit(Message(said, [pieces.section(said)]))
    head = f"{who} wrote in the thread of “{goal}”. I have done nothing about it yet."
    means = "Taken up, it is passed on as their words. It loosens nothing of what you ruled out."
    if one.against:
        head = (
            f"{who} asks for something against what you said for “{goal}”. I have not done anything about it."
        )
        means = (
            f"Taken up, it is your own word, and changes what you said: {escape.mrkdwn_line(one.against)}."
        )
    buttons = [
        pieces.button("Take it up", REMARK_TAKE, one.key),
        pieces.button("Leave it", REMARK_LEAVE, one.key),
    ]
    blocks = [
        pieces.section(head),
        pieces.section(words.quote(shown)),
        pieces.aside(means),
        *pieces.buttons(buttons),
    ]
    return fit.fit(Message(head, blocks))


def against(task: Task) -> Message:
    """To a helper whose words would loosen what the owner fixed."""
    said = f"That goes against what {words.person(task.person)} ruled out, so I asked them. Only they can allow it."
    return fit.fit(Message(said, [pieces.section(said)]))


def _has_had(task: Task, person: Person) -> bool:
    return task.person.user == person.user or any(one.user == person.user for one in task.crew.before)
