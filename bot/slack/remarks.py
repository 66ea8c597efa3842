"""What is said in a task's thread by those who do not steer it: a stop, a yes, or words for its owner to take up."""

from __future__ import annotations

from bot.domain.person import Person
from bot.domain.task import Task
from bot.engine import replies
from bot.errors import NotAllowed
from bot.slack.desk import Desk
from bot.slack.parse import Said
from bot.slack.views import crew, offers, texts


def aside(desk: Desk, person: Person, said: Said, task: Task) -> None:
    """It was kept, and is no instruction. Its owner is offered it while the task runs, or where we were meant."""
    if replies.is_stop(said.words):
        _stop(desk, person, said, task)
        return
    is_for_owner = not replies.is_yes(said.words) and (not task.state.is_over or said.is_mention)
    remark = desk.crewing.remark(said.key) if is_for_owner else None
    if remark is not None:
        desk.whispers.say(task.person, said.place, crew.remark(remark, task))
    if task.crew.helps(person):
        desk.whispers.say(person, said.place, crew.against(task))
    elif said.is_mention or replies.is_yes(said.words):
        desk.whispers.say(person, said.place, offers.whose(task, is_offered=remark is not None))


def _stop(desk: Desk, person: Person, said: Said, task: Task) -> None:
    """Admins, and those who may decide what it waits for, stop a task that is not theirs."""
    try:
        desk.stop(person, task.id, key=f"stop:{said.key}")
    except NotAllowed as refusal:
        desk.whispers.say(person, said.place, texts.refused(str(refusal)))
