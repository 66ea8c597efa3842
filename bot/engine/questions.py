"""What people said to connectors that asked in the middle of a call, for when that call goes on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.approval import Approval, ApprovalKind, ApprovalState
from bot.domain.asking import Asking
from bot.domain.call import Call
from bot.domain.task import Task
from bot.engine.undoing import effect_id
from bot.store import approvals
from bot.store.database import Database


def replies_of(database: Database, task: Task, effect: str) -> Asking | None:
    """What was asked last in the call of this effect id, once a person replied to it.

    None for a call that waited in a process that is gone, when a person said since that it is to be made again: it is
    begun anew, and asks anew.
    """
    with database.read() as session:
        put = approvals.of_task(session, task.id)
    ours = [one for one in put if one.state is ApprovalState.ANSWERED and _is_of(one, task, effect)]
    said = [at for at, one in enumerate(ours) if one.draft.kind is ApprovalKind.FORM]
    if not said:
        return None
    asking = ours[said[-1]].draft.asking
    return (
        None
        if asking is not None and asking.question.is_live and _is_begun_anew(ours[said[-1] :])
        else asking
    )


def _is_of(one: Approval, task: Task, effect: str) -> bool:
    return effect_id(task, Call(id=one.draft.call_id, tool="", input={})) == effect


def _is_begun_anew(since: Sequence[Approval]) -> bool:
    """Somebody was asked what became of it; had they said that it happened, nobody would ask for its replies."""
    return any(one.draft.kind is ApprovalKind.OUTCOME for one in since)
