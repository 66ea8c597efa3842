"""The words that mean something of their own after `/cowork`, in a mention and in a direct message."""

from __future__ import annotations

from bot.domain.person import Person, Place
from bot.domain.task import TaskState
from bot.errors import NotAllowed
from bot.slack import escape, fit, vocabulary
from bot.slack.desk import Desk
from bot.slack.views import card, texts
from bot.slack.views.message import Message
from bot.slack.vocabulary import Word

_LISTED = 50
STOPPING = "I am stopping task {number}, “{goal}”. What was done so far is in its thread."
STOPPED = "I stopped task {number}, “{goal}”. What was done is in its thread."
SETTINGS = "Type `/cowork settings`, or open my Home tab."


def answer(
    desk: Desk, person: Person, place: Place, text: str, *, key: str, is_reply: bool = False
) -> Message | None:
    """None when it is a goal. Raises `NotAllowed` for what is not theirs to do.

    `is_reply`: said in a thread that is no task's, so that a stop there without a number means no other task.
    """
    word = vocabulary.word(text)
    if word is None:
        return None if text else texts.help_text()
    match word.name:
        case "help":
            return texts.help_text()
        case "list":
            return texts.task_list(desk.record.tasks_of(person, _LISTED))
        case "status":
            return _status(desk, person, word)
        case "stop":
            here = None if is_reply else place
            return _stop(desk, person, here, word, key)
        case "settings":
            return texts.said(SETTINGS)
        case _:
            return texts.not_yet(word.name)


def newest_here(desk: Desk, person: Person, place: Place, most: int) -> int | None:
    """Their newest task of this channel that is not over."""
    theirs = desk.record.tasks_of(person, most)
    here = (task.id for task in theirs if task.place.channel == place.channel and not task.state.is_over)
    return next(here, None)


def _status(desk: Desk, person: Person, word: Word) -> Message:
    theirs = desk.record.tasks_of(person, _LISTED)
    if word.number is None:
        open_ = [task for task in theirs if not task.state.is_over]
        return texts.status([desk.record.snapshot(task.id) for task in open_])
    if not any(task.id == word.number for task in theirs):
        raise NotAllowed(f"You have no task {word.number}. `/cowork list` shows yours.")
    return card.task_card(desk.record.snapshot(word.number))


def _stop(desk: Desk, person: Person, place: Place | None, word: Word, key: str) -> Message:
    if word.rest:
        return texts.said(texts.HOW_TO_STOP)
    task_id = word.number or (newest_here(desk, person, place, _LISTED) if place else None)
    if task_id is None:
        return texts.said(texts.NOTHING_TO_STOP)
    task = desk.stop(person, task_id, key=key)
    if task.state.is_over:
        return texts.said(texts.OVER)
    goal = fit.clip(escape.mrkdwn_line(task.goal), 200, is_mrkdwn=True)
    is_worked_on = task.state is TaskState.WORKING
    return texts.said((STOPPING if is_worked_on else STOPPED).format(number=task.id, goal=goal))
