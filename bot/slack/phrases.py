"""The words that mean something of their own after `/cowork`, in a mention and in a direct message."""

from __future__ import annotations

from bot.audit import questions
from bot.audit.questions import Question
from bot.domain.person import Person, Place
from bot.domain.task import TaskState
from bot.errors import NotAllowed
from bot.slack import answers, escape, fit, vocabulary
from bot.slack.desk import Desk
from bot.slack.views import card, texts
from bot.slack.views.message import Message
from bot.slack.vocabulary import Word

_LISTED = 50
STOPPING = "I am stopping task {number}, “{goal}”. What was done so far is in its thread."
STOPPED = "I stopped task {number}, “{goal}”. What was done is in its thread."
NOTHING_TO_TELL = "You have no task here yet, so there is nothing to tell. `/cowork why 12` tells of task 12."
ELSEWHERE = {
    "prompt": "Type `/cowork prompt` in the channel where the task shall be.",
    "tokens": "Type `/cowork tokens`: what I show there, you alone see.",
}
SETTINGS = "Type `/cowork {word}`, or open my Home tab."


def answer(
    desk: Desk, person: Person, place: Place, text: str, *, key: str, is_reply: bool = False
) -> Message | None:
    """None when it is a goal. Raises `NotAllowed` for what is not theirs to do.

    `is_reply`: said in a thread that is no task's, so that a stop there without a number means no other task.
    """
    word = vocabulary.word(text)
    if word is None:
        question = questions.asked(text)
        return _why(desk, person, place, None, question) if question else None if text else texts.help_text()
    return _meant(desk, person, place, word, key, is_reply=is_reply)


def _meant(desk: Desk, person: Person, place: Place, word: Word, key: str, *, is_reply: bool) -> Message:
    here = None if is_reply else place
    match word.name:
        case "help":
            return texts.help_text()
        case "list":
            return texts.task_list(desk.record.tasks_of(person, _LISTED))
        case "status":
            return _status(desk, person, word)
        case "stop":
            return _stop(desk, person, here, word, key)
        case "audit" | "why":
            return _why(desk, person, here, word.number, Question.WHY)
        case "prompt" | "tokens":
            return texts.said(ELSEWHERE[word.name])
        case "settings" | "connect" | "connectors":
            return texts.said(SETTINGS.format(word=word.name))
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


def _why(desk: Desk, person: Person, place: Place | None, number: int | None, question: Question) -> Message:
    """From the audit log: of the task of this number, else of their newest one here."""
    theirs = desk.record.tasks_of(person, _LISTED)
    here = [task.id for task in theirs if place is None or task.place.channel == place.channel]
    if number is not None and not any(task.id == number for task in theirs):
        raise NotAllowed(f"You have no task {number}. `/cowork list` shows yours.")
    task_id = number or next(iter(here), None)
    return texts.said(NOTHING_TO_TELL) if task_id is None else answers.from_log(desk, task_id, question)


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
