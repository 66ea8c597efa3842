"""What the requester of a task has said themselves: the goal, words in its thread, answers to what was asked."""

from __future__ import annotations

from bot.domain.approval import Approval
from bot.domain.task import Task
from bot.policy.reader.said import own
from bot.store import approvals, words
from bot.store.database import Session


def of(session: Session, task: Task) -> tuple[str, ...]:
    """Not what they pass on of others. An answer that was offered is the model's wording, and theirs only to choose."""
    answers = (one.words for one in approvals.of_task(session, task.id) if _is_own(one, task))
    return tuple(own(said) for said in (task.goal, *words.by(session, task.id, task.person), *answers))


def _is_own(approval: Approval, task: Task) -> bool:
    if not approval.words or approval.decided_by is None or approval.words in approval.draft.options:
        return False
    return approval.decided_by.is_same(task.person)
