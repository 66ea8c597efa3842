"""What a decision does to the calls it was about, in the transaction of the decision itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.agent import batches
from bot.agent.batches import LEFT_OUT
from bot.agent.settling import HAPPENED, RUN_AGAIN
from bot.domain import form
from bot.domain.approval import Approval, ApprovalKind, ApprovalState, Decision
from bot.domain.asking import Reply
from bot.domain.call import Result
from bot.domain.effect import Effect
from bot.domain.person import Person
from bot.domain.receipt import Receipt
from bot.errors import CoworkError, NotAllowed
from bot.store import approvals, calls, held, locks
from bot.store.calls import CallState
from bot.store.database import Session

OFFERED = {
    ApprovalKind.CALLS: {ApprovalState.APPROVED, ApprovalState.REDIRECTED, ApprovalState.STOPPED},
    ApprovalKind.BATCH: {ApprovalState.APPROVED, ApprovalState.REDIRECTED, ApprovalState.STOPPED},
    ApprovalKind.PLAN: {ApprovalState.APPROVED, ApprovalState.REDIRECTED, ApprovalState.STOPPED},
    ApprovalKind.QUESTION: {ApprovalState.ANSWERED, ApprovalState.STOPPED},
    ApprovalKind.FORM: {ApprovalState.ANSWERED, ApprovalState.STOPPED},
    ApprovalKind.OUTCOME: {ApprovalState.ANSWERED, ApprovalState.STOPPED},
}


_MOST_NAMED = 20


def is_yes(approval: Approval, decision: Decision) -> bool:
    """Whether something would run by it: then it takes those whose yes counts, and not only who may redirect."""
    if approval.draft.kind is ApprovalKind.OUTCOME:
        return decision.words.strip().lower() == RUN_AGAIN.lower()
    return decision.state is ApprovalState.APPROVED


def is_filled_in(approval: Approval, decision: Decision) -> bool:
    """Whether a connector would hear anything but a no: what its form asks for, or that its page was opened."""
    is_answer = approval.draft.kind is ApprovalKind.FORM and decision.state is ApprovalState.ANSWERED
    return is_answer and decision.words.strip().lower() != form.DECLINE


def in_time(approval: Approval, decision: Decision, now: datetime) -> Decision:
    """The decision; of an approval that ran out a yes only puts it anew. Raises `NotAllowed` for no choice of it."""
    if decision.state not in OFFERED[approval.draft.kind]:
        raise NotAllowed("That is not one of the choices here. Use the buttons under the request.")
    if approval.draft.kind is ApprovalKind.FORM:
        return _as_reply(approval, decision)
    numbers, total = decision.left_out, len(approval.draft.actions)
    is_approved = decision.state is ApprovalState.APPROVED
    if numbers and not (
        is_approved and sorted(set(numbers)) == list(numbers) and 0 < numbers[0] <= numbers[-1] <= total
    ):
        raise NotAllowed("That cannot be left out here. Open the list again, and choose once more.")
    if numbers and len(numbers) == total:
        raise NotAllowed(
            "Nothing of it would be left. Choose at least one action, or press Redirect… or Stop."
        )
    if is_approved and approval.is_pending and approval.is_over(now):
        return Decision(state=ApprovalState.LAPSED)
    return decision


def carry_out(session: Session, approval: Approval, decision: Decision, *, by: Person, now: datetime) -> None:
    """Approve, answer or refuse the held calls. A stop is left to the loop, which closes every open call."""
    match decision.state:
        case ApprovalState.APPROVED:
            _approve(session, replace(approval, left_out=decision.left_out), by, now)
        case ApprovalState.LAPSED:
            held.reopen(session, approval.id)
        case ApprovalState.REDIRECTED:
            text = f"Not executed: redirected by {by.name}: {decision.words}"
            _refuse_the_rest(session, approval, Result(text=text), now)
        case ApprovalState.ANSWERED:
            _answered(session, approval, decision, by, now)
        case ApprovalState.STOPPED | ApprovalState.PENDING | ApprovalState.EDITED:
            pass
        case _:
            assert_never(decision.state)


def refuse_too_early(
    session: Session, approval: Approval, decision: Decision, *, lease: float, now: datetime
) -> None:
    """In a fleet the interrupted process may only be paused: what it was about to send can still arrive.

    A call may take a minute, then comes a lease (seconds), and half a minute for clocks (notes/engine.md §3.5).
    """
    is_outcome = approval.is_pending and approval.draft.kind is ApprovalKind.OUTCOME
    if not is_outcome or not locks.is_shared(session) or not is_yes(approval, decision):
        return
    begun = [
        entry.begun_at for entry in calls.of_approval(session, approval.id) if entry.begun_at is not None
    ]
    safe_at = max(begun, default=now) + timedelta(seconds=60 + lease + 30)
    if begun and now < safe_at:
        raise NotAllowed(
            f"The interrupted process could still be about to do it. “{RUN_AGAIN}” is possible from "
            f"{safe_at:%H:%M:%S} UTC on; “{HAPPENED}” is possible now."
        )


def _approve(session: Session, approval: Approval, by: Person, now: datetime) -> None:
    if approval.draft.digest != approval.digest:
        raise CoworkError(
            f"Approval {approval.id} no longer holds the calls that were shown: its digest differs."
        )
    if approval.draft.kind is ApprovalKind.PLAN:
        _plan_approved(session, approval, by, now)
        return
    if approval.draft.kind is ApprovalKind.BATCH:
        checkpoint = calls.of_approval(session, approval.id)[0]
        held.note(session, approval.id, _approved_by(by, approval))
        calls.propose(
            session,
            approval.task_id,
            approval.kept.actions,
            seq=checkpoint.seq,
            now=now,
            batch=approval.draft.call_id,
            approval_id=approval.id,
        )
    else:
        _leave_out(session, approval, by, now)
    held.decide(session, approval.id, CallState.APPROVED)


def _approved_by(by: Person, approval: Approval) -> str:
    """What the model is told of a batch."""
    if not approval.left_out:
        return f"Approved by {by.name}."
    count, total = len(approval.left_out), len(approval.draft.actions)
    shown = "; ".join(action.preview for action in approval.without[:_MOST_NAMED])
    more = f"; and {count - _MOST_NAMED} more" if count > _MOST_NAMED else ""
    return f"Approved by {by.name} without {count} of its {total} actions. Left out, and not to be done: {shown}{more}."


def _leave_out(session: Session, approval: Approval, by: Person, now: datetime) -> None:
    text = f"{LEFT_OUT} by {by.name}; not executed. It is not to be done."
    for action in approval.without:
        calls.answer(
            session, approval.task_id, action.call.id, Result(text=text), now=now, state=CallState.REFUSED
        )


def _plan_approved(session: Session, approval: Approval, by: Person, now: datetime) -> None:
    """A checkpoint has its answer. Calls that were held for want of a plan were not shown whole: the model makes
    them again."""
    if approval.draft.call_id:
        _answer_held(session, approval, Result(text=f"Approved by {by.name}."), CallState.ANSWERED, now)
    else:
        text = f"{by.name} approved the plan. This call was not made yet: make it now if it is part of it."
        _answer_held(session, approval, Result(text=text), CallState.REFUSED, now)


def _refuse_the_rest(session: Session, approval: Approval, result: Result, now: datetime) -> None:
    """Nothing of the turn runs any more, held or not: the model is to hear the words first."""
    first = calls.of_approval(session, approval.id)[0]
    for entry in calls.of_turn(session, approval.task_id, first.seq):
        if not entry.state.has_answer:
            batch = calls.of_batch(session, approval.task_id, entry.call.id)
            said = replace(result, text=batches.when_stopped(result.text, batch))
            calls.answer(session, approval.task_id, entry.call.id, said, now=now, state=CallState.REFUSED)


def _as_reply(approval: Approval, decision: Decision) -> Decision:
    """Its words become the values of the form, and a line that tells people of them."""
    asking = approval.draft.asking
    if asking is None or asking.open is None or decision.state is not ApprovalState.ANSWERED:
        return decision
    _, asked = asking.open
    reply = form.taken(asked, decision.words)
    return replace(decision, words=form.summed_up(asked, reply), reply=reply)


def _answered(session: Session, approval: Approval, decision: Decision, by: Person, now: datetime) -> None:
    said = decision.words
    if approval.draft.kind is ApprovalKind.FORM:
        _replied(session, approval, decision.reply)
    elif approval.draft.kind is not ApprovalKind.OUTCOME:
        _answer_held(session, approval, Result(text=f"{by.name} answered: {said}"), CallState.ANSWERED, now)
    elif said.strip().lower() not in (HAPPENED.lower(), RUN_AGAIN.lower()):
        raise NotAllowed(f"Answer “{HAPPENED}” or “{RUN_AGAIN}”, after a look whether it did.")
    elif said.strip().lower() == HAPPENED.lower():
        text = f"{by.name} looked: it had already happened."
        result = Result(text=text, receipt=_by_their_word(approval, by))
        _answer_held(session, approval, result, CallState.ANSWERED, now)
    else:
        held.decide(session, approval.id, CallState.APPROVED)


def _replied(session: Session, approval: Approval, reply: Reply | None) -> None:
    """The call goes on with it, or asks for what else there is."""
    asking = approval.draft.asking
    if asking is not None and asking.open is not None and reply is not None:
        key, _ = asking.open
        approvals.replied(session, approval.id, asking.replied(key, reply))
    held.decide(session, approval.id, CallState.APPROVED)


def _by_their_word(approval: Approval, by: Person) -> Receipt:
    """Nothing of ours saw it; but it happened, and so it stands in the report."""
    return Receipt(
        effect=Effect.CHANGE, what=f"Happened, by {by.name}'s word", where=approval.draft.actions[0].preview
    )


def _answer_held(
    session: Session, approval: Approval, result: Result, state: CallState, now: datetime
) -> None:
    for entry in calls.of_approval(session, approval.id):
        if entry.state is CallState.HELD:
            calls.answer(session, approval.task_id, entry.call.id, result, now=now, state=state)
