"""What a stop left of a round: approved actions that were not made, and calls of which nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.approval import Approval, ApprovalKind, ApprovalState
from bot.domain.task import Task
from bot.store.calls import CallState, Entry

_YES = frozenset({ApprovalState.APPROVED, ApprovalState.ANSWERED})
_OF_CALLS = frozenset({ApprovalKind.CALLS, ApprovalKind.OUTCOME})


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """In words for people. `approved` counts what a person said yes to, `undone` is what of it never ran."""

    approved: int = 0
    undone: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def of_stop(entries: Sequence[Entry], decided: Sequence[Approval], task: Task) -> Leftover:
    """Of the round that was stopped. What was approved twice, the second time after a failure, counts once."""
    by_id = {entry.call.id: entry for entry in entries}
    yes = {one.id for one in decided if one.state in _YES and one.draft.kind in _OF_CALLS}
    asked = [
        entry
        for entry in entries
        # A batch is as old as its checkpoint: what it left at a failure is only closed by a stop rounds later.
        if (entry.batch or entry.approval_id in yes) and is_of_round(by_id.get(entry.batch, entry), task)
    ]
    ran = {entry.call.digest for entry in asked if not _never_ran(entry)}
    undone = {entry.call.digest: entry.preview for entry in asked if entry.call.digest not in ran}
    unknown = [entry.preview for entry in entries if _is_unknown(entry) and is_of_round(entry, task)]
    return Leftover(
        approved=len({entry.call.digest for entry in asked}),
        undone=tuple(undone.values()),
        unknown=tuple(unknown),
    )


def is_of_round(entry: Entry, task: Task) -> bool:
    """A follow-up reports what it did itself; a retry still reports all of it."""
    return task.started_at is None or (entry.ended_at or entry.at) >= task.started_at


def _never_ran(entry: Entry) -> bool:
    is_closed = entry.state is CallState.REFUSED or not entry.state.has_answer
    return is_closed and entry.begun_at is None


def _is_unknown(entry: Entry) -> bool:
    """A stop closed it while it ran, or could not even do that."""
    return entry.is_unknown or (entry.state is CallState.REFUSED and entry.begun_at is not None)
