"""A person's decision on what was put to them: whether it is theirs to make, and whether it is enough by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.approval import Approval, ApprovalState, Decision
from bot.domain.deciders import Authority, Deciders, Facts, Yes
from bot.domain.event import News
from bot.domain.person import Person
from bot.domain.task import Task
from bot.domain.verdict import Allow, Deny
from bot.engine import allowing, course, decisions, news
from bot.errors import NotAllowed
from bot.policy import approvers, kinds
from bot.policy.approvers import Missing
from bot.store import approvals, tasks, tokens
from bot.store.database import Session
from bot.store.outbox import PostKind


@dataclass(frozen=True, kw_only=True)
class Decided:
    """`is_new` is False when somebody decided before: the approval says who, what and when.

    It still waits when the yes was kept, and `missing` says in words whose it takes besides.
    """

    approval: Approval
    is_new: bool
    missing: str = ""


def decided(
    session: Session,
    authority: Authority,
    person: Person,
    facts: Facts,
    task: Task,
    approval: Approval,
    decision: Decision,
    *,
    now: datetime,
) -> Decided:
    """The caller holds the task. Raises `NotAllowed` when it is not this person's to decide, or no choice of it."""
    needs, facts = approvers.needed(approval.draft, task, authority), spoken(session, person, facts, task)
    has_lapsed = decision.state is ApprovalState.APPROVED and approval.is_over(now)
    if decisions.is_yes(approval, decision) and approval.is_pending and not has_lapsed:
        return _agreed(session, person, facts, task, approval, decision, authority, needs, now)
    is_own_stop = decision.state is ApprovalState.STOPPED and task.person.is_same(person)
    if not is_own_stop:
        must(approvers.may_turn(person, facts, task, needs, authority))
    if decisions.is_filled_in(approval, decision):
        must(approvers.may_fill_in(person, facts, needs))
    is_new = course.decide(session, person, task, approval, decision, now)
    return Decided(approval=_again(session, approval), is_new=is_new)


def check_edit(authority: Authority, person: Person, facts: Facts, task: Task, approval: Approval) -> None:
    """Raises `NotAllowed` for anyone who could not redirect it either."""
    needs = approvers.needed(approval.draft, task, authority)
    must(approvers.may_turn(person, facts, task, needs, authority))


def check_stop(session: Session, authority: Authority, person: Person, facts: Facts, task: Task) -> None:
    """An admin may stop whatever runs in their workspace."""
    if not approvers.is_admin(person, facts, task):
        check_turn(session, authority, person, facts, task)


def check_turn(session: Session, authority: Authority, person: Person, facts: Facts, task: Task) -> None:
    """Whoever steers the task, or could decide what it waits for, may stop it or let it go on."""
    approval = approvals.pending_of(session, task.id)
    needs = approvers.needed(approval.draft, task, authority) if approval else ()
    if not task.person.is_same(person):
        must(approvers.may_turn(person, facts, task, needs, authority))


def check_undo(authority: Authority, person: Person, facts: Facts, task: Task) -> None:
    must(approvers.may_undo(person, facts, task, authority))


def spoken(session: Session, person: Person, facts: Facts, task: Task) -> Facts:
    """With whether it is a program that speaks for them, and one has spoken for this task before."""
    return replace(facts, asked_by_token=bool(person.via) and tokens.has_asked(session, task.id, person))


def groups_asked(session: Session, authority: Authority, approval_id: str, task_id: int) -> frozenset[str]:
    """The user groups on whose members it depends who may decide this, or what this task waits for."""
    approval = approvals.get(session, approval_id) or approvals.pending_of(session, task_id)
    task = tasks.get(session, approval.task_id) if approval else None
    if approval is None or task is None:
        return frozenset()
    needs = approvers.needed(approval.draft, task, authority)
    return frozenset(group for deciders in needs for group in deciders.groups)


def must(verdict: Allow | Deny) -> None:
    if isinstance(verdict, Deny):
        raise NotAllowed(verdict.reason)


def _agreed(
    session: Session,
    person: Person,
    facts: Facts,
    task: Task,
    approval: Approval,
    decision: Decision,
    authority: Authority,
    needs: Sequence[Deciders],
    now: datetime,
) -> Decided:
    """A yes, which is kept until all that it takes have said it. What one of them leaves out is left out."""
    before = approvers.missing(needs, approval.said_yes, task)
    if any(yes.person.is_same(person) for yes in approval.said_yes):
        raise NotAllowed(f"You have said yes already. It still takes {_in_words(before, task)}.")
    must(approvers.may_approve(person, facts, task, before))
    if decision.is_kind:
        kind = kinds.offered(approval.draft, task)
        is_usual = kind is not None and approvers.leaves_kinds(kind, task, authority)
        allowing.check(approval, task, is_usual=is_usual and approvers.is_usual(needs))
    decision = decisions.in_time(approval, decision, now)
    left_out = {*decision.left_out, *(number for yes in approval.said_yes for number in yes.left_out)}
    decision = decisions.in_time(approval, replace(decision, left_out=tuple(sorted(left_out))), now)
    yes = Yes(person=person, facts=replace(facts, unknown=()), left_out=decision.left_out)
    if not approvals.agree(session, approval, yes):
        return Decided(approval=_again(session, approval), is_new=False)
    after = approvers.missing(needs, (*approval.said_yes, yes), task)
    if not after:
        is_new = course.decide(session, person, task, approval, decision, now)
        return Decided(approval=_again(session, approval), is_new=is_new)
    missing = _in_words(after, task)
    told = {
        "approval": approval.id,
        "digest": approval.digest,
        "missing": missing,
        "left_out": [approval.draft.actions[number - 1].preview for number in decision.left_out],
    }
    news.tell(session, task.id, task.place, News.AGREED, now=now, by=person, data=told)
    news.want(session, PostKind.APPROVAL, task.id, task.place, approval.id, now=now)
    return Decided(approval=_again(session, approval), is_new=False, missing=missing)


def _in_words(missing: Sequence[Missing], task: Task) -> str:
    said = (approvers.said(replace(one.deciders, people=one.people), task) for one in missing)
    return " and ".join(dict.fromkeys(said))


def _again(session: Session, approval: Approval) -> Approval:
    found = approvals.get(session, approval.id)
    assert found is not None
    return found
