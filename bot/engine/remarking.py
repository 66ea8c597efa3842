"""Words of those whose words are no instructions: kept, offered to the task's owner, and taken up by them or left."""

from __future__ import annotations

from datetime import datetime

from bot.domain.budget import Budget
from bot.domain.label import Label
from bot.domain.person import Person
from bot.domain.remark import Remark, RemarkState
from bot.domain.task import Task
from bot.engine import briefing, hearing, known
from bot.engine.hearing import Heard
from bot.errors import NotAllowed
from bot.store import labels, remarks
from bot.store.database import Session


def kept(session: Session, person: Person, task: Task, text: str, key: str, now: datetime) -> None:
    """No model reads it. A helper's is offered with what it would loosen of what the owner fixed."""
    against = briefing.loosened_by(session, task, text) if task.crew.helps(person) else ""
    remarks.add(session, Remark(key=key, task_id=task.id, person=person, text=text, against=against), now=now)


def answered(
    session: Session, person: Person, key: str, state: RemarkState, *, budget: Budget, now: datetime
) -> Heard:
    """The owner's answer, once. Raises `NotAllowed` for anyone else.

    What a helper said against the owner's limits is then the owner's own word, and loosens them. What an onlooker
    said is quoted: it reaches the model as somebody's words that the owner passed on, and loosens nothing.
    """
    remark = remarks.get(session, key)
    if remark is None:
        raise NotAllowed("I do not know these words any more.")
    task = known.task(session, remark.task_id)
    if not task.person.is_same(person):
        raise NotAllowed(f"This task is {task.person.name}'s: only they can take that up.")
    if not remarks.answer(session, key, state):
        return Heard.REPEATED
    if state is RemarkState.LEFT:
        return Heard.OVER
    words = remark.text if remark.against else _passed_on(remark)
    heard = hearing.heard(session, person, task, words, now, budget=budget)
    if heard is Heard.PRESS_APPROVE:
        raise NotAllowed("Decide what is asked above first; then press Take it up again.")
    labels.grow(session, task.id, {Label.UNTRUSTED})  # whoever passes it on, somebody else wrote it
    return heard


def _passed_on(remark: Remark) -> str:
    """A quotation: of what the requester quotes nothing is read as their own limit or leave.

    Everybody chooses their own name, so that is quoted, too.
    """
    said = f"{remark.person.name} wrote:\n{remark.text}"
    quoted = "\n".join(f"> {line}" for line in said.splitlines())
    return f"I pass this on:\n{quoted}"
