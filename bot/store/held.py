"""Held calls, when a person has decided, or nobody did: what becomes of all those of one approval."""

from __future__ import annotations

from sqlmodel import Session, col, update

from bot.store.calls import CallState
from bot.store.tables import CallRow


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
