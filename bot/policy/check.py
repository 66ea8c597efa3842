"""The policy table: what a call would do, judged row by row. The first row that covers decides; silence denies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.brief import Brief
from bot.domain.call import Call
from bot.domain.destination import Origins, Target
from bot.domain.effect import Access, Effect, Realm
from bot.domain.grant import Grants
from bot.domain.label import Label
from bot.domain.task import Autonomy
from bot.domain.verdict import Allow, Ask, Deny, Verdict, strictest
from bot.policy import provenance, rows
from bot.policy.rows import Row, Standing
from bot.policy.words import deed

TABLE: tuple[Row, ...] = (
    rows.not_granted,  # 1: deny what was not granted
    rows.forbidden,  # 2: deny what the requester's words forbid
    rows.plan_comes_first,  # 3: ask for the plan
    rows.spent,  # 4: pause and ask over a budget
    rows.approved,  # 5: allow this exact call, or its kind, once approved
    rows.checked_in,  # 3: ask where the requester wants to be asked first
    rows.final,  # 6: ask for delete, send, publish
    rows.supervised,  # 7: ask for every call
    rows.influenced,  # 8: ask where others' text may be speaking
    rows.outward,  # 9: ask before changing what was there, or an outside service
    rows.ordinary,  # 10: allow
)
DENYING = TABLE[:2]
SILENCE = 0


def check(
    call: Call,
    accesses: Sequence[Access],
    *,
    brief: Brief,
    grants: Grants,
    autonomy: Autonomy,
    labels: frozenset[Label] = frozenset(),
    read: Sequence[str] = (),
    approved: frozenset[str] = frozenset(),
    spent_out: str = "",
    targets: Sequence[Target] = (),
    origins: Origins = Origins(),
) -> Verdict:
    """The strictest verdict over all that the call does; of equally strict ones that of the topmost row.

    `labels` are of all that the task has seen, `read` names what of it others could have written, the oldest first.
    `approved` are digests from approved, unexpired, unused approvals. `spent_out` says in words which budget is
    used up. `targets` are the places that the call's own arguments name, `origins` from where such a name may come
    once the task has seen others' text. A call that touches nothing (a plan, a question) is allowed while there is
    budget. An `Allow` of rule 5 rests on an approval: the caller uses it up.
    """
    strange = _strange(targets, origins, grants, labels, accesses)
    standing = Standing(
        call=call,
        brief=brief,
        grants=grants,
        autonomy=autonomy,
        labels=labels,
        read=tuple(read),
        approved=approved,
        spent_out=spent_out,
        strange=strange,
    )
    if not accesses:
        return rows.out_of_budget(spent_out) if spent_out else Allow(rule=10, reason="It touches nothing.")
    verdicts = [_judged(access, standing) for access in in_full(accesses)]
    verdict = strictest(sorted(verdicts, key=lambda verdict: verdict.rule))
    return _with_kinds(_telling(verdict, strange, accesses), verdicts)


def in_full(accesses: Sequence[Access]) -> Iterator[Access]:
    """To create a file that is already there is also to change it, whatever the tool calls it."""
    for access in accesses:
        yield access
        resource = access.resource
        if access.effect is Effect.CREATE and resource.realm is Realm.FOLDER and resource.existed:
            yield replace(access, effect=Effect.CHANGE)


def _strange(
    targets: Sequence[Target],
    origins: Origins,
    grants: Grants,
    labels: frozenset[Label],
    accesses: Sequence[Access],
) -> tuple[str, ...]:
    if not targets or Label.UNTRUSTED not in labels:
        return ()
    return provenance.strangers(targets, origins=origins, grants=grants, accesses=accesses)


def _telling(verdict: Verdict, strange: Sequence[str], accesses: Sequence[Access]) -> Verdict:
    """Whichever row asks, people are told of a place that nobody has named."""
    if not strange or not isinstance(verdict, Ask) or verdict.pause or verdict.before_plan:
        return verdict
    return replace(verdict, reason=f"{verdict.reason} {provenance.told(strange, accesses)}")


def _with_kinds(verdict: Verdict, verdicts: Sequence[Verdict]) -> Verdict:
    """A yes rests on every kind that any part of it rests on."""
    if not isinstance(verdict, Allow):
        return verdict
    every = [one.kinds for one in verdicts if isinstance(one, Allow)]
    return replace(verdict, kinds=frozenset().union(*every)) if any(every) else verdict


def _judged(access: Access, standing: Standing) -> Verdict:
    """What the table is silent on, no plan, approval or supervision opens: only the rows that deny are asked."""
    for row in TABLE if rows.is_heard_of(access, standing) else DENYING:
        verdict = row(access, standing)
        if verdict is not None:
            return verdict
    return Deny(rule=SILENCE, reason=f"No rule allows it to {deed(access)}.")
