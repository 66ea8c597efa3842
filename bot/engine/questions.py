"""What people said to connectors that asked in the middle of a call, for when that call goes on."""

from __future__ import annotations

from bot.domain.approval import ApprovalKind, ApprovalState
from bot.domain.asking import Asking
from bot.domain.call import Call
from bot.domain.task import Task
from bot.engine.undoing import effect_id
from bot.store import approvals
from bot.store.database import Database


def replies_of(database: Database, task: Task, effect: str) -> Asking | None:
    """What was asked last in the call of this effect id, once a person replied to it."""
    with database.read() as session:
        asked = [one for one in approvals.of_task(session, task.id) if one.draft.kind is ApprovalKind.FORM]
    said = [one for one in asked if one.state is ApprovalState.ANSWERED]
    ours = [one for one in said if effect_id(task, Call(id=one.draft.call_id, tool="", input={})) == effect]
    return ours[-1].draft.asking if ours else None
