"""The task or the approval that somebody acts on; a word on where to look, for one that is not known."""

from __future__ import annotations

from bot.domain.approval import Approval
from bot.domain.task import Task
from bot.errors import NotAllowed
from bot.store import approvals, kinds, tasks
from bot.store.database import Session


def task(session: Session, task_id: int, *, locked: bool = True) -> Task:
    """`locked`: it stays as it is until the commit."""
    found = tasks.get(session, task_id, locked=locked)
    if found is None:
        raise NotAllowed(f"There is no task {task_id}. `/cowork list` shows yours.")
    return found


def approval(session: Session, approval_id: str) -> Approval:
    found = approvals.get(session, approval_id)
    if found is None:
        raise NotAllowed("This request is not known here any more. Look at the newest one in the thread.")
    return found


def of_kind(session: Session, kind_id: str) -> Task:
    """The task for which calls of a kind were allowed."""
    task_id = kinds.task_of(session, kind_id)
    if task_id is None:
        raise NotAllowed("This is not known here any more. Look at the newest card of the task.")
    return task(session, task_id)
