"""Who may decide what a task put to a person."""

from __future__ import annotations

from bot.domain.person import Person
from bot.domain.verdict import Allow, Deny

RULE = 5


def may_decide(
    person: Person, requester: Person, approvers: frozenset[str], *, is_guest: bool, is_stranger: bool
) -> Allow | Deny:
    """The requester, or a named approver (a user id) of the same team; a guest or a stranger never.

    A stranger is a member of another workspace. The reason of a `Deny` says who can.
    """
    is_requester = person.is_same(requester)
    others = "a named approver" if approvers else ""
    if is_guest or is_stranger:
        sort = "a guest" if is_guest else "a member of another workspace"
        deciders = _either("" if is_requester else requester.name, others)
        return Deny(rule=RULE, reason=f"{person.name} is here as {sort} and cannot decide; {deciders} can.")
    if is_requester:
        return Allow(rule=RULE, reason=f"{person.name} asked for this task.")
    if person.team == requester.team and person.user in approvers:
        return Allow(rule=RULE, reason=f"{person.name} is a named approver.")
    return Deny(rule=RULE, reason=f"Only {_either(requester.name, others)} can decide this.")


def _either(requester: str, approver: str) -> str:
    return " or ".join(who for who in (requester, approver) if who) or "only an approver whom an admin names"
