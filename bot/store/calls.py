"""Calls: proposed by a turn, judged, begun, answered. Each has exactly one answer in the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, bindparam, col, insert, select, update
from sqlmodel.sql.expression import SelectOfScalar

from bot.domain.approval import Action
from bot.domain.basis import Basis
from bot.domain.call import Call, Result
from bot.domain.receipt import Deliverable, Receipt
from bot.domain.revision import Revision
from bot.domain.verdict import Verdict
from bot.store import call_text, encoding
from bot.store.statements import put, run
from bot.store.tables import CALL, CallRow

_PROPOSE = insert(CALL).inline()
_THIS = update(CALL).where(CALL.c.task_id == bindparam("task"), CALL.c.call_id == bindparam("its_id"))
_IDS = select(CALL.c.call_id).where(CALL.c.task_id == bindparam("task"))
_OF_TURN = (
    select(*CALL.c)
    .where(CALL.c.task_id == bindparam("task"), CALL.c.seq == bindparam("turn"), CALL.c.batch == "")
    .order_by(CALL.c.id)
)
_KEPT = ("state", "digest", "preview", "asked_as", "seq", "batch", "approval_id", "at")


class CallState(StrEnum):
    """OPEN: to be judged and run. HELD: a person decides. APPROVED: a person said yes to exactly this.

    BEGUN: the intent is on disk; without a result the outcome is unknown. ANSWERED: a result stands.
    DENIED, REFUSED: never ran, by policy or by a person.
    """

    OPEN = "open"
    HELD = "held"
    APPROVED = "approved"
    BEGUN = "begun"
    ANSWERED = "answered"
    DENIED = "denied"
    REFUSED = "refused"

    @property
    def has_answer(self) -> bool:
        return self in (CallState.ANSWERED, CallState.DENIED, CallState.REFUSED)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A call as the journal holds it. `batch` is the checkpoint call that prepared it, "" for the model's own.

    Once `begun_at` is set, and until there is an answer, it may have happened, whatever its state. `asked_as` is
    the id that the model gave it, which some servers use again; `basis` as in an `Action`. `call` has the arguments
    as they run; `revisions` is what people changed of them, or of the actions of a checkpoint.
    """

    call: Call
    state: CallState
    digest: str
    preview: str
    seq: int
    asked_as: str = ""
    basis: tuple[Basis, ...] = ()
    revisions: tuple[Revision, ...] = ()
    batch: str = ""
    reason: str = ""
    approval_id: str = ""
    text: str = ""
    is_error: bool = False
    receipt: Receipt | None = None
    deliverable: Deliverable | None = None
    at: datetime
    begun_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_unknown(self) -> bool:
        return self.begun_at is not None and not self.state.has_answer

    @property
    def revision(self) -> Revision | None:
        """What a person made of the call itself."""
        return next((one for one in self.revisions if one.number == 0), None)


def propose(
    session: Session,
    task_id: int,
    actions: Iterable[Action],
    *,
    seq: int,
    now: datetime,
    batch: str = "",
    approval_id: str = "",
    used: Collection[str] | None = None,
) -> list[Entry]:
    """Write down calls with their previews, as they then stand; those of an approved batch are approved already.

    An id that the task has used before is made its own. `used` are all those ids, where the caller knows them.
    """
    state = CallState.APPROVED if batch else CallState.OPEN
    where = {"seq": seq, "batch": batch, "approval_id": approval_id, "state": state, "at": now}
    rows = [{"task_id": task_id} | where | call_text.written(action) for action in actions]
    if rows:
        _make_ids_unique(rows, set(ids_used(session, task_id) if used is None else used))
        for row in rows:
            put(session, _PROPOSE, row)
    return [_proposed(row) for row in rows]


def ids_used(session: Session, task_id: int) -> list[str]:
    """Of all calls of the task."""
    return list(run(session, _IDS, {"task": task_id}).scalars())


def of_turn(session: Session, task_id: int, seq: int) -> list[Entry]:
    """The calls of one turn in the model's order, without those of batches."""
    return [_entry(row) for row in session.exec(_OF_TURN, params={"task": task_id, "turn": seq})]


def of_batch(session: Session, task_id: int, batch: str) -> list[Entry]:
    return _entries(session, select(CallRow).where(CallRow.task_id == task_id, CallRow.batch == batch))


def of_task(session: Session, task_id: int) -> list[Entry]:
    return _entries(session, select(CallRow).where(CallRow.task_id == task_id))


def of_approval(session: Session, approval_id: str) -> list[Entry]:
    """The calls that an approval is about, those of its batch behind the checkpoint that prepared them."""
    return _entries(session, select(CallRow).where(CallRow.approval_id == approval_id))


def get(session: Session, task_id: int, call_id: str) -> Entry | None:
    query = select(CallRow).where(CallRow.task_id == task_id, CallRow.call_id == call_id)
    return next(iter(_entries(session, query)), None)


def unanswered(session: Session, task_id: int) -> list[Entry]:
    """Those without an answer yet; what is running comes first, and what a batch left over is not among them."""
    query = select(CallRow).where(CallRow.task_id == task_id, col(CallRow.ended_at).is_(None))
    entries = _entries(session, query)
    still_open = {entry.call.id for entry in entries}
    live = [entry for entry in entries if not entry.batch or entry.batch in still_open]
    return sorted(live, key=lambda entry: entry.state is not CallState.BEGUN)


def with_receipts(session: Session, task_id: int) -> list[Entry]:
    """The calls that changed or delivered something, in the order they ended."""
    query = select(CallRow).where(
        CallRow.task_id == task_id, (CallRow.receipt != "") | (CallRow.deliverable != "")
    )
    return _entries(session, query)


def begin(session: Session, task_id: int, call_id: str, verdict: Verdict, *, now: datetime) -> None:
    """The intent: on disk before the call is made."""
    _set(
        session,
        task_id,
        call_id,
        state=CallState.BEGUN,
        rule=verdict.rule,
        reason=verdict.reason,
        begun_at=now,
    )


def take_back(session: Session, task_id: int, entry: Entry) -> None:
    """A begun call that did nothing is what it was before: what a person said yes to is still approved."""
    before = CallState.APPROVED if entry.approval_id else CallState.OPEN
    _set(session, task_id, entry.call.id, state=before, begun_at=None)


def answer(
    session: Session,
    task_id: int,
    call_id: str,
    result: Result,
    *,
    now: datetime,
    state: CallState = CallState.ANSWERED,
    verdict: Verdict | None = None,
) -> None:
    judged = {} if verdict is None else {"rule": verdict.rule, "reason": verdict.reason}
    receipt = "" if result.receipt is None else encoding.written(encoding.receipt, result.receipt)
    handed = "" if result.deliverable is None else encoding.written(encoding.deliverable, result.deliverable)
    _set(
        session,
        task_id,
        call_id,
        state=state,
        result=encoding.legible(result.text),
        is_error=result.is_error,
        receipt=receipt,
        deliverable=handed,
        sources=encoding.written(encoding.sources, result.sources) if result.sources else "",
        ended_at=now,
        **judged,
    )


def answered(entry: Entry, result: Result | None) -> Entry:
    """The entry as it stands after `answer`; the same where there was none."""
    if result is None:
        return entry
    text = encoding.legible(result.text)
    return replace(entry, state=CallState.ANSWERED, text=text, is_error=result.is_error)


def _set(session: Session, task_id: int, call_id: str, **values: object) -> None:
    put(session, _THIS, values | {"task": task_id, "its_id": call_id})


def _proposed(row: dict[str, Any]) -> Entry:
    """The same as will be read of it."""
    made = call_text.revisions(row["revisions"])
    call = call_text.call(row["call_id"], row["tool"], row["input"], made)
    kept = {name: row[name] for name in _KEPT}
    return Entry(call=call, basis=call_text.basis(row["basis"]), revisions=made, **kept)


def _make_ids_unique(rows: list[dict[str, Any]], used: set[str]) -> None:
    for number, row in enumerate(rows, 1):
        if row["call_id"] in used:
            row["call_id"] = f"{row['call_id']}@{row['seq']}.{number}"
        used.add(row["call_id"])


def _entries(session: Session, query: SelectOfScalar[CallRow]) -> list[Entry]:
    return [_entry(row) for row in session.exec(query.order_by(col(CallRow.id)))]


def _entry(row: CallRow) -> Entry:
    made = call_text.revisions(row.revisions)
    return Entry(
        call=call_text.call(row.call_id, row.tool, row.input, made),
        state=CallState(row.state),
        digest=row.digest,
        preview=row.preview,
        asked_as=row.asked_as,
        basis=call_text.basis(row.basis),
        revisions=made,
        seq=row.seq,
        batch=row.batch,
        reason=row.reason,
        approval_id=row.approval_id,
        text=row.result,
        is_error=row.is_error,
        receipt=encoding.receipt.validate_json(row.receipt) if row.receipt else None,
        deliverable=encoding.deliverable.validate_json(row.deliverable) if row.deliverable else None,
        at=row.at,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
    )
