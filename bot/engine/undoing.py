"""Undo: what a round changed becomes a batch of exact calls that take it back, approved by whoever pressed the button.

In a transaction. What a round did is read from the record: the calls that were told between its beginning and its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, uuid4, uuid5

from bot.agent.undoing import PREVIEW, UNDO
from bot.domain.approval import Action, ApprovalKind, ApprovalState, Decision, Draft
from bot.domain.call import Call
from bot.domain.event import Event, News
from bot.domain.person import Person
from bot.domain.task import Task
from bot.engine import course, news, unmade
from bot.engine.wording import NOTE_BY
from bot.errors import NotAllowed
from bot.registry.plugged import UNDO as UNDO_ACTION
from bot.registry.tools import BUILT_IN
from bot.store import approvals, calls, events, words
from bot.store.calls import CallState, Entry
from bot.store.database import Session
from bot.tools.undoing import undo_change

LAST = 0
_ENDS = (News.DONE, News.FAILED, News.STOPPED)
_CALLS = (News.CALLING, News.CALLED)
_ON_FILES = frozenset(tool.name for tool in BUILT_IN)
_ASIDE = 0
"""The place of its calls among the turns: before the first, since no turn of the model made them."""


@dataclass(frozen=True, kw_only=True)
class Undo:
    """`is_new` is False when somebody asked for it before."""

    task: Task
    is_new: bool
    by: str = ""


def begun(session: Session, person: Person, task: Task, number: int, *, now: datetime) -> Undo:
    """Take back what round `number` did (`LAST`: the last that did anything). Asked for twice it is done once.

    Raises `NotAllowed` for a task at work, and where nothing can be undone.
    """
    told = events.of_task(session, task.id)
    made = calls.of_task(session, task.id)
    end = _end(told, made, number)
    if by := _undone_by(told, made, end):
        return Undo(task=task, is_new=False, by=by)
    if not task.state.is_over:
        raise NotAllowed("The task is at work. Press Undo again when it has ended; Stop ends it now.")
    steps = [] if end is None else _to_take_back(task, _told_by(told, end), made)
    if end is None or not steps:
        raise NotAllowed(
            "There is nothing to undo here: nothing that can be undone was changed, or it was undone before."
        )
    _begin(session, person, task, end, [_action(task, entry) for entry in steps], now)
    return Undo(task=task, is_new=True, by=person.name)


def open_undo(session: Session, task_id: int) -> Entry | None:
    """The one that is under way, also when all of it is answered and only its end is not written down."""
    asked = calls.of_turn(session, task_id, _ASIDE)
    is_last = (
        bool(asked) and events.last_of(session, task_id, (News.UNDOING, News.STEERED, *_ENDS)) is News.UNDOING
    )
    return asked[-1] if is_last else next((one for one in asked if not one.state.has_answer), None)


def effect_id(task: Task, call: Call) -> str:
    """What a service knows this call by, however often it is made: servers of models use ids again, tasks do not."""
    born = task.created_at.isoformat()
    return str(uuid5(NAMESPACE_OID, f"cowork {task.person.team} {task.id} {born} {call.id}"))


def _begin(
    session: Session, person: Person, task: Task, end: Event, actions: Sequence[Action], now: datetime
) -> None:
    """The approval is decided as it is put: the click is the decision. What a failure left open is given up."""
    number, approval_id = end.data["round"], uuid4().hex
    what = f"{len(actions):,} change" + ("s" if len(actions) > 1 else "")
    undo = Call(id=f"undo.{approval_id}", tool=UNDO, input={"round": number})
    draft = Draft(kind=ApprovalKind.BATCH, title=f"Undo {what}", actions=tuple(actions), call_id=undo.id)
    unmade.closed(session, task, f"Not executed: {person.name} undid the task.", now=now)
    approvals.put(session, approval_id, task.id, draft, now=now)
    approved = Decision(state=ApprovalState.APPROVED)
    approvals.decide(session, approval_id, approved, person=person, now=now)
    asked = Action(call=undo, preview=draft.title)
    calls.propose(session, task.id, [asked], seq=_ASIDE, now=now, approval_id=approval_id)
    calls.propose(session, task.id, actions, seq=_ASIDE, now=now, batch=undo.id, approval_id=approval_id)
    note = (
        f"{person.name} pressed Undo: {what} that you made were taken back, but for what "
        "somebody changed since. Look before you rely on what you did."
    )
    words.add(session, task.id, author=NOTE_BY, text=note, now=now)
    course.wake(session, task, now, is_new_work=True)
    data = {"approval": approval_id, "digest": draft.digest, "round": number, "by": person.name, "what": what}
    news.tell(session, task.id, task.place, News.UNDOING, now=now, by=person, data=data)


def _end(told: Sequence[Event], made: Sequence[Entry], number: int) -> Event | None:
    """The news with which the round ended; of one that ended twice, since somebody spoke meanwhile, the last."""
    ends = [event for event in told if event.news in _ENDS and event.data.get("round")]
    if number == LAST:
        changing = {entry.call.id for entry in made if _may_stand(entry)}
        return next((end for end in reversed(ends) if changing.intersection(_told_by(told, end))), None)
    return next((end for end in reversed(ends) if end.data["round"] == number), None)


def _told_by(told: Sequence[Event], end: Event) -> list[str]:
    """The calls that the report of this round is about, in the order in which they ended (or began, without an end)."""
    since = datetime.fromisoformat(end.data["since"]) if end.data["since"] else end.at
    within = [event for event in told if event.id < end.id and event.at >= since and event.news in _CALLS]
    last = {event.data["call"]: event.id for event in within}
    return sorted(last, key=lambda call_id: last[call_id])


def _to_take_back(task: Task, told: Sequence[str], made: Sequence[Entry]) -> list[Entry]:
    """The last first: what can be undone and is not yet, and what was cut off, which may have happened."""
    back = {entry.receipt.takes_back for entry in made if entry.receipt is not None}
    stands = {
        entry.call.id: entry
        for entry in made
        if _may_stand(entry) and effect_id(task, entry.call) not in back
    }
    return [stands[call_id] for call_id in reversed(told) if call_id in stands]


def _may_stand(entry: Entry) -> bool:
    """Of a call to a service that was cut off there is nothing by which it could be taken back."""
    if entry.receipt is not None:
        return bool(entry.receipt.undo)
    is_cut = entry.is_unknown or (entry.state is CallState.REFUSED and entry.begun_at is not None)
    return is_cut and entry.call.tool in _ON_FILES


def _undone_by(told: Sequence[Event], made: Sequence[Entry], end: Event | None) -> str:
    """Who asked for it before; "" for nobody, and when that was stopped on the way."""
    number = None if end is None else end.data["round"]
    asked = [event for event in told if event.news is News.UNDOING and event.data["round"] == number]
    states = {entry.approval_id: entry.state for entry in made if entry.call.tool == UNDO}
    stands = [event for event in asked if states.get(event.data["approval"]) is not CallState.REFUSED]
    return str(stands[-1].data["by"]) if stands else ""


def _action(task: Task, entry: Entry) -> Action:
    change = effect_id(task, entry.call)
    if entry.call.tool in _ON_FILES:
        call = Call(id=f"undo.{uuid4().hex}", tool=undo_change.name, input={"change": change})
    else:
        given = {"change": change, "given": dict(entry.call.input), "receipt": _proof(entry)}
        call = Call(id=f"undo.{uuid4().hex}", tool=f"{UNDO_ACTION}{entry.call.tool}", input=given)
    return Action(call=call, preview=f"{PREVIEW}{entry.preview}")


def _proof(entry: Entry) -> dict[str, str]:
    """What an action of a plugin wrote down of its call, for whoever takes it back."""
    proof = entry.receipt
    assert proof is not None
    told = {"what": proof.what, "where": proof.where, "before": proof.before, "after": proof.after}
    return {**told, "undo": proof.undo, "mark": proof.mark}
