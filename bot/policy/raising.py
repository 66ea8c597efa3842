"""Who may allow more of a budget that many tasks share."""

from __future__ import annotations

from bot.domain.person import Person
from bot.domain.verdict import Allow, Deny

RULE = 4


def may_raise(person: Person, requester: Person, approvers: frozenset[str]) -> Allow | Deny:
    """A named approver of the same team, and nobody else: it is not the requester's own. A `Deny` says who can."""
    if person.team == requester.team and person.user in approvers:
        return Allow(rule=RULE, reason=f"{person.name} is a named approver.")
    others = (
        "A named approver can press Retry and allow as much again for today."
        if approvers
        else "Nobody is named to allow more of it: whoever runs Cowork can (COWORK_APPROVERS)."
    )
    return Deny(
        rule=RULE, reason=f"The budget that is used up is shared. {others} Otherwise it goes on tomorrow."
    )
