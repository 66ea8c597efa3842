"""What the audit log holds beside the news: for whom, with which arguments, who said yes, what it changed and cost."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from bot.domain.call import Result
from bot.domain.label import Seen
from bot.domain.person import Person
from bot.domain.pin import Pin
from bot.domain.receipt import Receipt
from bot.domain.task import Task
from bot.domain.turn import Summary, Turn
from bot.store import approvals
from bot.store.calls import Entry
from bot.store.database import Session, veiled

_LONGEST = 300
_LOOKED_AT = 4_000
"""How much of a long text is searched for secrets before its beginning is kept."""

Proof = dict[str, Any]


def of_turn(said: Turn | Summary, number: int) -> Proof:
    """One request to the model: what it is known by there, and what it cost. None of dollars: no price is known."""
    usage = said.usage
    return {
        "turn": number,
        "request_id": said.request_id,
        "tokens": {
            "in": usage.input_tokens,
            "out": usage.output_tokens,
            "cache_read": usage.cache_read_tokens,
            "cache_write": usage.cache_write_tokens,
        },
        "dollars": usage.dollars,
    }


def of_call(session: Session, task: Task, entry: Entry) -> Proof:
    """For whom it would be made, in which turn it was asked, and with which arguments."""
    return {
        "for": _known_as(task.person),
        "turn": entry.seq,
        "input": {name: _brief(session, value) for name, value in entry.call.input.items()},
    }


def of_begun(session: Session, task: Task, entry: Entry, seen: Seen, pin: Pin | None = None) -> Proof:
    """Also what the task had seen by then, whose yes it rests on, and what stood at its places when that was given."""
    proof = of_call(session, task, entry) | _pinned(pin)
    proof["labels"] = sorted(seen.labels)
    if entry.approval_id:
        proof |= {"approval": entry.approval_id, "approved_by": _agreed(session, entry.approval_id)}
    if entry.basis:
        proof["based_on"] = [[basis.place, basis.print] for basis in entry.basis]
    return proof


def of_answer(session: Session, task: Task, entry: Entry, result: Result) -> Proof:
    """What came of it. The arguments of one that changed something stand where it was begun."""
    if result.receipt is None:
        proof = of_call(session, task, entry)
    else:
        proof = {"for": _known_as(task.person), "turn": entry.seq, "receipt": _told(result.receipt)}
    proof |= _pinned(result.pin)
    if result.sources:
        proof["sources"] = [[one.name, one.audience, one.is_trusted] for one in result.sources]
    if result.is_error:
        proof["outcome"] = _brief(session, result.text)
    return proof


def _pinned(pin: Pin | None) -> Proof:
    """Of a connector's call: at which server it was made, and the digest of the tool as an admin accepted it."""
    return {} if pin is None else {"pin": pin.told}


def _told(receipt: Receipt) -> Mapping[str, str]:
    names = ("effect", "what", "where", "before", "after", "undo", "takes_back")
    return {name: str(getattr(receipt, name)) for name in names if getattr(receipt, name)}


def _agreed(session: Session, approval_id: str) -> list[str]:
    """Everybody whose yes it took."""
    approval = approvals.get(session, approval_id)
    if approval is None:
        return []
    decided = [approval.decided_by] if approval.decided_by else []
    return [_known_as(person) for person in [yes.person for yes in approval.said_yes] or decided]


def _known_as(person: Person) -> str:
    return f"{person.user}@{person.team}"


def _brief(session: Session, value: Any) -> Any:
    """A long text by its beginning, its length and its SHA-256: enough to know it again."""
    if isinstance(value, str) and len(value) > _LONGEST:
        digest = hashlib.sha256(value.encode(errors="surrogatepass")).hexdigest()
        begin = veiled(session, value[:_LOOKED_AT])[:_LONGEST]
        return f"{begin}… ({len(value):,} characters, SHA-256 {digest})"
    if isinstance(value, Mapping):
        return {name: _brief(session, one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_brief(session, one) for one in value]
    return value
