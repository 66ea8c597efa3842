"""Who may allow more of a budget that many tasks share."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.deciders import Facts
from bot.domain.person import Person
from bot.domain.task import Task
from bot.domain.verdict import Allow, Deny
from bot.policy.approvers import TOKEN, is_admin

RULE = 4


def may_raise(person: Person, facts: Facts, task: Task, named: Collection[str]) -> Allow | Deny:
    """A named approver or an admin of the same workspace, and nobody else: it is not the requester's own.

    A `Deny` says who can.
    """
    if facts.asked_by_token:
        return Deny(rule=RULE, reason=f"{TOKEN} {_others(task, named)}")
    if is_admin(person, facts, task):
        return Allow(rule=RULE, reason=f"{person.name} is a workspace admin.")
    if person.team == task.person.team and person.user in named and not facts.is_guest:
        return Allow(rule=RULE, reason=f"{person.name} is a named approver.")
    return Deny(
        rule=RULE,
        reason=f"The budget that is used up is shared. {_others(task, named)} Otherwise it goes on tomorrow.",
    )


def _others(task: Task, named: Collection[str]) -> str:
    can = [
        *(["a named approver"] if named else []),
        *([] if task.place.is_terminal else ["a workspace admin"]),
    ]
    if not can:
        return "Nobody is named to allow more of it: whoever runs Cowork can (COWORK_APPROVERS)."
    who = " or ".join(can)
    return f"{who[:1].upper()}{who[1:]} can press Retry and allow as much again for today."
