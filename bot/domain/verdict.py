"""What policy says of a call."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Allow:
    """`kinds` are the ids of the kinds of calls that a person allowed and that it rests on: the caller uses them up."""

    rule: int
    reason: str
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A person must decide. `pause` marks row 4: the task pauses with its work kept; `before_plan` row 3."""

    rule: int
    reason: str
    pause: bool = False
    before_plan: bool = False


@dataclass(frozen=True, kw_only=True)
class Deny:
    rule: int
    reason: str


Verdict = Allow | Ask | Deny


def strictest(verdicts: list[Verdict]) -> Verdict:
    """Deny before Ask before Allow; the first of its kind gives the reason. `verdicts` is not empty."""
    for kind in (Deny, Ask):
        for verdict in verdicts:
            if isinstance(verdict, kind):
                return verdict
    return verdicts[0]
