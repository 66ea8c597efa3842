"""Edit: a person changes the arguments of an action before approving: another exact call, which is asked anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.approval import Action, Approval, ApprovalKind
from bot.domain.call import Call
from bot.domain.person import Person
from bot.domain.revision import Revision
from bot.domain.task import Task
from bot.domain.veil import Veil, has_mask
from bot.errors import BadArgument, NotAllowed
from bot.registry.tools import Toolset
from bot.sdk.tool import Tool
from bot.store import calls, held
from bot.store.database import Session

EDITABLE = frozenset({ApprovalKind.CALLS, ApprovalKind.BATCH})

Weigh = Callable[[Task, Call, Sequence[Call]], str]
"""Gives a changed call in words, told the whole batch that it is in. Raises `NotAllowed` where policy denies it."""


Tools = Callable[[Task], Mapping[str, Tool]]
"""All that a person can be shown a call of, in this task, as it is known now: nobody is asked."""


@dataclass(frozen=True, kw_only=True)
class Editable:
    """Action `number` (from 1) of an approval as it stands, and its tool."""

    approval: Approval
    number: int
    action: Action
    tool: Tool


@dataclass(frozen=True, kw_only=True)
class Edited:
    """Action `number` (from 1) of an approval with other arguments; `call` is what would run."""

    number: int
    call: Call
    revision: Revision
    preview: str = ""


def editable(tools: Mapping[str, Tool], approval: Approval, number: int) -> Editable:
    """Raises `NotAllowed` where there is nothing to edit."""
    actions = approval.draft.actions
    if approval.draft.kind not in EDITABLE or not 1 <= number <= len(actions):
        raise NotAllowed("There is nothing to edit here. Look at the newest request in the thread.")
    action = actions[number - 1]
    tool = tools.get(action.call.tool)
    if tool is None or not tool.schema.get("properties"):
        raise NotAllowed(f"{action.call.tool} has nothing that could be edited. Press Redirect… instead.")
    return Editable(approval=approval, number=number, action=action, tool=tool)


def built_in(task: Task) -> Mapping[str, Tool]:
    """Where there is no service and no connector."""
    return Toolset().known


def edited(
    tools: Mapping[str, Tool],
    approval: Approval,
    number: int,
    given: Mapping[str, Any],
    *,
    by: Person,
    veil: Veil = Veil(),
) -> Edited:
    """Raises `BadArgument` for what the tool does not take and for secrets; `NotAllowed` where nothing is changed."""
    one = editable(tools, approval, number)
    action = one.action
    call = replace(action.call, input=dict(given))
    if call.digest == action.call.digest:
        raise NotAllowed("Nothing was changed. Change something, or press Cancel.")
    for place, what in one.tool.faults(call):
        raise BadArgument(f"{place}: {what}", argument=place.partition(".")[0])
    _refuse_secrets(action.call.input, given, veil)
    revision = Revision(
        was=action.call.input if action.revision is None else action.revision.was,
        now=call.input,
        by=by.name,
        number=number if approval.draft.kind is ApprovalKind.BATCH else 0,
        editors=_with(action.revision, by),
    )
    return Edited(number=number, call=call, revision=revision)


def _with(before: Revision | None, by: Person) -> tuple[str, ...]:
    editors = () if before is None else before.editors
    return tuple(dict.fromkeys((*editors, by.user)))


def _refuse_secrets(was: Mapping[str, Any], given: Mapping[str, Any], veil: Veil) -> None:
    """Arguments are shown to people and kept: a secret stands in none, nor what stands for one."""
    for name, value in given.items():
        if value != was.get(name) and (veil.masked_in([value]) != [value] or has_mask(str(value))):
            raise BadArgument(
                "This holds a secret, or what stands for a hidden one, so it was not taken. Say it without, and put "
                "the secret where it belongs yourself.",
                argument=name,
            )


def batch(approval: Approval, one: Edited) -> list[Call]:
    """All calls of a checkpoint, with the changed one; none where policy held single calls."""
    if approval.draft.kind is not ApprovalKind.BATCH:
        return []
    made = [action.call for action in approval.draft.actions]
    made[one.number - 1] = one.call
    return made


def carry_out(session: Session, approval: Approval, one: Edited) -> None:
    """All that was held with it is judged and shown anew. In the transaction of the decision."""
    made = calls.of_approval(session, approval.id)
    is_batch = approval.draft.kind is ApprovalKind.BATCH
    entry = made[0] if is_batch else next(entry for entry in made if entry.call.id == one.call.id)
    held.revise(session, approval.task_id, entry, one.revision, preview=one.preview)
    held.reopen(session, approval.id)


def told(one: Edited) -> dict[str, Any]:
    """What the news and the audit say of it."""
    changes = [[change.argument, change.was, change.now] for change in one.revision.changes]
    return {"action": one.number, "tool": one.call.tool, "digest": one.call.digest, "changes": changes}
