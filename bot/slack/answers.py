"""Answers that come from the audit log: why it did that, who approved, what it changed. No model is asked."""

from __future__ import annotations

from bot.audit import questions
from bot.audit.account import Account
from bot.audit.questions import Question
from bot.domain.person import Person
from bot.domain.task import Task
from bot.errors import NotAllowed
from bot.slack import apart
from bot.slack.desk import Desk
from bot.slack.parse import Said
from bot.slack.views import texts, why
from bot.slack.views.message import Message


def is_told(desk: Desk, person: Person, said: Said, task: Task) -> bool:
    """It is a question for the log, and for us: what people ask each other is not."""
    question = questions.asked(said.words)
    if question is None or not (said.is_mention or task.is_steered_by(person)):
        return False
    desk.errands.run(lambda: _tell(desk, person, said, task, question))
    return True


def from_log(desk: Desk, task_id: int, question: Question) -> Message:
    account = desk.record.account(task_id)
    names = desk.people.names(sorted({_user(actor) for actor in _actors(account)}))
    return why.why(account, question, lambda actor: names.get(_user(actor), actor))


def _tell(desk: Desk, person: Person, said: Said, task: Task, question: Question) -> None:
    """The asker alone. Of those who do not steer the task only members of its workspace are told."""
    answer = texts.refused("Only members of this workspace are told what I did and why.")
    try:
        is_theirs = task.is_steered_by(person)
        if is_theirs or (person.team == task.person.team and not desk.people.now(person).is_guest):
            apart.check(person, task)
            answer = from_log(desk, task.id, question)
    except NotAllowed as refusal:
        answer = texts.refused(str(refusal))
    desk.whispers.say(person, said.place, answer)


def _actors(account: Account) -> list[str]:
    return [account.requester, *(person for one in account.asked for person in one.people)]


def _user(actor: str) -> str:
    """Of `user@workspace`."""
    return actor.partition("@")[0]
