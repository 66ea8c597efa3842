"""Who steers a task, as people say it: "add @ben", "remove @ben", "hand over @ben"; in a command or in the thread."""

from __future__ import annotations

from typing import Final

from bot.domain.person import Person, Place
from bot.domain.task import Task
from bot.errors import NotAllowed
from bot.slack import phrases
from bot.slack.desk import Desk
from bot.slack.views import texts, words
from bot.slack.views.message import Message
from bot.slack.vocabulary import CrewWord

NO_TASK: Final = (
    "You have no task here that is not finished. Name one by its number, as in `/cowork add 12 @ben`; "
    "`/cowork list` shows yours."
)
_LISTED = 50


def answer(
    desk: Desk, person: Person, said: CrewWord, place: Place, task: Task | None = None, *, key: str
) -> Message:
    """For the task that is named, the one of the thread, or the newest of theirs here. `key` is the delivery's."""
    task_id = said.number or (task.id if task else phrases.newest_here(desk, person, place, _LISTED))
    if task_id is None:
        raise NotAllowed(NO_TASK)
    other = desk.people.person(person.team, said.user)
    match said.deed:
        case "add":
            return _added(desk, person, task_id, other)
        case "remove":
            return _removed(desk, person, task_id, other)
        case _:
            desk.crewing.offer(person, task_id, other, desk.facts(other), key=key)
            asked = f"I asked {words.person(other)} to take task {task_id} over. It stays yours until they accept."
            return texts.said(asked)


def _added(desk: Desk, person: Person, task_id: int, other: Person) -> Message:
    who = words.person(other)
    if desk.crewing.add(person, task_id, other, desk.facts(other)):
        return texts.said(
            f"{who} steers task {task_id} with you now: their replies in its thread are instructions. "
            "What you ruled out only you can allow, and approvals stay with those who may decide."
        )
    return texts.said(f"{who} steers task {task_id} already.")


def _removed(desk: Desk, person: Person, task_id: int, other: Person) -> Message:
    who = words.person(other)
    if desk.crewing.remove(person, task_id, other):
        return texts.said(f"{who} does not steer task {task_id} any more.")
    return texts.said(f"{who} does not steer task {task_id}.")
