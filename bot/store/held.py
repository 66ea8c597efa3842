"""Held calls, when a person has decided, or nobody did: what becomes of all those of one approval."""

from __future__ import annotations

from sqlalchemy import Update
from sqlmodel import Session, col, update

from bot.domain import revision
from bot.domain.basis import Basis
from bot.domain.call import Call
from bot.domain.revision import Revision
from bot.domain.verdict import Verdict
from bot.store import call_text, encoding
from bot.store.calls import CallState, Entry
from bot.store.statements import put
from bot.store.tables import CALL, CallRow


def hold(
    session: Session,
    task_id: int,
    call_id: str,
    approval_id: str,
    verdict: Verdict,
    *,
    basis: tuple[Basis, ...] = (),
    is_unknown: bool = False,
) -> None:
    """A person decides. Unless `is_unknown`, the call has not happened, also where it was begun once."""
    held = {
        "state": CallState.HELD,
        "approval_id": approval_id,
        "basis": encoding.written(encoding.basis, basis),
        "rule": verdict.rule,
        "reason": verdict.reason,
    }
    begun = {} if is_unknown else {"begun_at": None}
    put(session, _this(task_id, call_id), held | begun)


def revise(session: Session, task_id: int, entry: Entry, made: Revision, *, preview: str = "") -> None:
    """A person changed its arguments, or those of an action of it. `preview` is the call itself, as it then is."""
    values = {"revisions": call_text.revisions_as_text(revision.put(entry.revisions, made))}
    if made.number == 0:
        changed = Call(id=entry.call.id, tool=entry.call.tool, input=made.now)
        values |= {"digest": changed.digest, "preview": encoding.legible(preview)}
    put(session, _this(task_id, entry.call.id), values)


def decide(session: Session, approval_id: str, state: CallState) -> None:
    """The held calls of an approval are approved, or open again to be answered by their refusal."""
    session.exec(
        update(CallRow)
        .where(col(CallRow.approval_id) == approval_id, col(CallRow.state) == CallState.HELD)
        .values(state=state)
    )


def reopen(session: Session, approval_id: str) -> None:
    """The held calls of an approval that ran out are judged anew, as if nobody had been asked."""
    session.exec(
        update(CallRow)
        .where(col(CallRow.approval_id) == approval_id, col(CallRow.state) == CallState.HELD)
        .values(state=CallState.OPEN, approval_id="")
    )


def note(session: Session, approval_id: str, text: str) -> None:
    """Words that the answer of an approved checkpoint begins with."""
    session.exec(
        update(CallRow)
        .where(col(CallRow.approval_id) == approval_id, col(CallRow.state) == CallState.HELD)
        .values(result=text)
    )


def _this(task_id: int, call_id: str) -> Update:
    return update(CALL).where(CALL.c.task_id == task_id, CALL.c.call_id == call_id)
