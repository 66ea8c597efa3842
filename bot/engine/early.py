"""Replies, stop signs and edits whose goal has not come yet wait for it, for a while; in the caller's transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.person import Place
from bot.store import early, inbound, locks, tasks
from bot.store.database import Session
from bot.store.early import Early, Kind

PATIENCE = timedelta(minutes=10)
"""Slack's last try comes six minutes after the first (notes/slack.md)."""

_ACCEPTED = "early"
_MESSAGE = "message:"
"""How the key of a message begins; team, channel and ts follow."""


class Kept(StrEnum):
    """BEGUN: the goal came in the meantime, so this is for its task. NO_GOAL: none is to be expected."""

    KEPT = "kept"
    REPEATED = "repeated"
    BEGUN = "begun"
    NO_GOAL = "no_goal"


def keep(session: Session, one: Early, *, key: str, sent_at: datetime, now: datetime) -> Kept:
    """`sent_at` is when the goal must have been sent: after `PATIENCE` it does not come any more."""
    if inbound.answer_to(session, key) is not None:
        return Kept.REPEATED
    is_begun = one.kind is Kind.SIGN and begun_by(session, one.place) is not None
    _hold(session, one.place)
    if is_begun or tasks.in_thread(session, one.place) is not None:
        return Kept.BEGUN
    if now - sent_at >= PATIENCE or inbound.answer_to(session, _passed(one.place)) is not None:
        return Kept.NO_GOAL
    early.keep(session, one, due=min(sent_at, now) + PATIENCE)
    inbound.accept(session, key, _ACCEPTED, now=now)
    return Kept.KEPT


def begun_by(session: Session, place: Place) -> int | None:
    """The task that was begun by the message that `place.thread` names, which may stand inside a thread."""
    begun = inbound.answer_to(session, f"{_MESSAGE}{place.team}:{place.channel}:{place.thread}") or ""
    return int(begun) if begun.isdigit() else None


def take(session: Session, place: Place, key: str) -> list[Early]:
    """What was kept for a goal that begins here, accepted by this key. Until the commit nothing more is kept for it.

    Replies wait for the thread, stop signs and edits for the message itself.
    """
    if place.thread is None or place.is_terminal:
        return []
    ts = key.rpartition(":")[2] if key.startswith(_MESSAGE) else ""
    _hold(session, place)
    return early.take(session, place, threads=[place.thread, ts], since=ts)


def pass_over(session: Session, place: Place, now: datetime) -> None:
    """What began this thread is no goal: nothing waits for it."""
    _hold(session, place)
    if inbound.answer_to(session, _passed(place)) is None:
        inbound.accept(session, _passed(place), "", now=now)
        early.hasten(session, place, now=now)


def _hold(session: Session, place: Place) -> None:
    """Whether a goal is known here does not change until the end of the transaction."""
    locks.hold(session, "thread", f"{place.team}:{place.channel}:{place.thread}")


def _passed(place: Place) -> str:
    return f"passed:{place.team}:{place.channel}:{place.thread}"
