"""The read side: what cards, lists and terminals show of tasks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.audit.account import Account, account
from bot.domain.approval import Approval, ApprovalState
from bot.domain.budget import Budget
from bot.domain.clock import Clock
from bot.domain.connector import BETWEEN
from bot.domain.estimate import Estimate, estimate
from bot.domain.event import Event, News
from bot.domain.label import Label
from bot.domain.person import Person, Place
from bot.domain.receipt import Deliverable
from bot.domain.snapshot import LogLine, Snapshot
from bot.domain.task import Autonomy, Task, TaskState
from bot.domain.versions import numbered
from bot.engine import known, leftover, revising, seeing
from bot.engine.intake import AUTONOMY
from bot.engine.leftover import Leftover
from bot.engine.revising import Editable
from bot.engine.undoing import effect_id
from bot.store import (
    approvals,
    calls,
    entries,
    events,
    kinds,
    labels,
    origins,
    outages,
    overview,
    past,
    preferences,
    prompts,
    spending,
    standing,
    tasks,
)
from bot.store.calls import CallState, Entry
from bot.store.database import Database, Session
from bot.tools import handing_over

MOST_NEWS = 500
_OUTCOMES = {
    CallState.OPEN: "waiting its turn",
    CallState.HELD: "held",
    CallState.APPROVED: "approved, not run yet",
    CallState.BEGUN: "running or unknown",
    CallState.DENIED: "denied",
    CallState.REFUSED: "not executed",
}


class Record:
    """`home` is where the copies of what was handed over are kept, `tools` are those whose calls can be edited."""

    def __init__(
        self, database: Database, *, clock: Clock, home: Path, tools: revising.Tools = revising.built_in
    ) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._tools = tools

    def snapshot(self, task_id: int) -> Snapshot:
        """Raises `LookupError` for a task that does not exist."""
        with self._database.read() as session:
            task = tasks.get(session, task_id)
            if task is None:
                raise LookupError(f"no task {task_id}")
            ever = calls.with_receipts(session, task_id)
            told = [entry for entry in ever if leftover.is_of_round(entry, task)]
            handed = self._handed(ever)
            open_calls = calls.unanswered(session, task_id)
            left = _left(session, task, open_calls)
            return Snapshot(
                task=task,
                now=self._clock(),
                activity=_activity(session, task, open_calls),
                intent=events.first_words(session, task_id),
                receipts=tuple(entry.receipt for entry in told if entry.receipt is not None),
                deliverables=tuple(handed[entry.call.id] for entry in told if entry.call.id in handed),
                approved=left.approved,
                undone=left.undone,
                unknown=left.unknown,
                kinds=tuple(kinds.holding(session, task_id, now=self._clock())),
                prompts=prompts.of_tasks(session, [task_id]).get(task_id, 0),
                links=seeing.links_shown(session, task),
                nearly_spent=_nearly_spent(session, task),
                estimate=_estimate(session, task),
                signs_in=task.state is TaskState.PAUSED and outages.is_for_sign_in(session, task_id),
                origin=origins.of_task(session, task),
            )

    def task(self, task_id: int) -> Task | None:
        with self._database.read() as session:
            return tasks.get(session, task_id)

    def handed_over(self, task_id: int) -> list[Deliverable]:
        """Every file that it delivered, in all rounds, in order."""
        with self._database.read() as session:
            told = calls.with_receipts(session, task_id)
        return list(self._handed(told).values())

    def approval(self, approval_id: str) -> Approval | None:
        with self._database.read() as session:
            return approvals.get(session, approval_id)

    def has_decided(self, task_id: int, person: Person) -> bool:
        """Whether anything of it was decided with their word."""
        with self._database.read() as session:
            asked = approvals.of_task(session, task_id)
        said = [one for each in asked for one in (each.decided_by, *(yes.person for yes in each.said_yes))]
        return any(one is not None and one.is_same(person) for one in said)

    def editable(self, approval_id: str, number: int) -> Editable:
        """An action of it with its tool. Raises `NotAllowed` where there is nothing to edit."""
        with self._database.read() as session:
            asked = known.approval(session, approval_id)
            task = known.task(session, asked.task_id, locked=False)
        return revising.editable(self._tools(task), asked, number)

    def private_sources(self, task_id: int) -> list[str]:
        """What it read that not every member may read, by names that people know."""
        with self._database.read() as session:
            found = labels.sources(session, task_id)
        return list(dict.fromkeys(one.name for one in found if Label.PRIVATE in one.labels))

    def labels(self, task_id: int) -> frozenset[Label]:
        """What is known of the data that it has seen until now."""
        with self._database.read() as session:
            return labels.of_task(session, task_id)

    def pending(self, task_id: int) -> Approval | None:
        with self._database.read() as session:
            return approvals.pending_of(session, task_id)

    def deliverable(self, task_id: int, call_id: str) -> Deliverable | None:
        """The file that this call delivered."""
        with self._database.read() as session:
            told = calls.with_receipts(session, task_id)
        return self._handed(told).get(call_id)

    def tasks_of(
        self, person: Person, limit: int = 20, *, state: TaskState | None = None, before: int | None = None
    ) -> list[Task]:
        """Newest first; those with a smaller number than `before`."""
        with self._database.read() as session:
            return overview.of_person(session, person, limit=limit, state=state, before=before)

    def prompts(self, tasks_shown: Sequence[Task]) -> dict[int, int]:
        """How often each of these asked a person; one that never did is left out."""
        with self._database.read() as session:
            return prompts.of_tasks(session, [task.id for task in tasks_shown])

    def newest(self, limit: int = 20) -> list[Task]:
        with self._database.read() as session:
            return overview.newest(session, limit=limit)

    def shown_by(self, place: Place, ts: str, person: Person, *, key: str = "") -> Task | None:
        """The task that a message belongs to: the first of its thread, or one of ours (of this key) about the task."""
        with self._database.read() as session:
            begun = tasks.in_thread(session, replace(place, thread=ts), person)
            if begun is not None:
                return begun
            task_id = standing.task_shown_by(session, place, ts, key)
            return None if task_id is None else tasks.get(session, task_id)

    def preferred(self, person: Person) -> Autonomy | None:
        """How freely this person wants new tasks to work; None when they never chose."""
        with self._database.read() as session:
            chosen = preferences.of_person(session, person, AUTONOMY)
        return Autonomy(chosen) if chosen else None

    def news(self, task_id: int, *, after: int = 0, limit: int | None = None) -> list[Event]:
        with self._database.read() as session:
            found = events.of_task(session, task_id, after=after, limit=limit)
        return [self._in_full(event) for event in found]

    def news_since(self, seen: Mapping[int, int]) -> dict[int, list[Event]]:
        """Of each of these tasks what was told since the event that was seen last; nothing new is left out."""
        with self._database.read() as session:
            last = events.last_of_each(session, seen)
            fresh = [task_id for task_id, newest in last.items() if newest > seen[task_id]]
            return {one: events.of_task(session, one, after=seen[one], limit=MOST_NEWS) for one in fresh}

    def begun_with(self, task_id: int) -> Budget:
        """The budget that it was begun with."""
        with self._database.read() as session:
            return spending.begun_with(session, task_id)

    def latest(self, task_ids: Collection[int]) -> Mapping[int, int]:
        """The number of the last event of each of these."""
        with self._database.read() as session:
            return events.last_of_each(session, task_ids)

    def account(self, task_id: int) -> Account:
        """What the audit log says of it: nothing of this is the model's word."""
        with self._database.read() as session:
            return account(task_id, entries.all_of(session, task_id))

    def log(self, task_id: int) -> list[LogLine]:
        """Every call and every decision, in order of time."""
        with self._database.read() as session:
            entries = calls.of_task(session, task_id)
            decided = [one for one in approvals.of_task(session, task_id) if not one.is_pending]
        over = {entry.call.id for entry in entries if entry.state.has_answer}
        lines = [_call_line(entry, is_left_over=entry.batch in over) for entry in entries]
        lines += [_decision_line(approval) for approval in decided]
        return sorted(lines, key=lambda line: line.at)

    def _handed(self, told: Sequence[Entry]) -> dict[str, Deliverable]:
        """By call, each as it is found now and with its version: all that were handed over are told."""
        handed = {entry.call.id: entry.deliverable for entry in told if entry.deliverable is not None}
        turns = [entry.seq for entry in told if entry.deliverable is not None]
        found = zip(turns, map(self._in_place, handed.values()), strict=True)
        return dict(zip(handed, numbered(found), strict=True))

    def _in_full(self, event: Event) -> Event:
        if event.news is not News.DELIVERED:
            return event
        return replace(event, data={**event.data, "path": self._kept_at(str(event.data["path"]))})

    def _in_place(self, handed: Deliverable) -> Deliverable:
        preview = self._kept_at(handed.preview) if handed.preview else ""
        return replace(handed, path=self._kept_at(handed.path), preview=preview)

    def _kept_at(self, path: str) -> str:
        return str(handing_over.kept_at(self._home, path))


def _left(session: Session, task: Task, open_calls: list[Entry]) -> Leftover:
    """Of what is queued or at work nothing is left yet: a begun call is running."""
    if task.state is TaskState.STOPPED:
        return leftover.of_stop(calls.of_task(session, task.id), approvals.of_task(session, task.id), task)
    if task.state in (TaskState.QUEUED, TaskState.WORKING):
        return Leftover()
    return Leftover(unknown=tuple(entry.preview for entry in open_calls if entry.is_unknown))


def _estimate(session: Session, task: Task) -> Estimate | None:
    """Of the first round, while it goes on: later the facts are there."""
    if task.state.is_over or task.round > 1 or not task.plan.steps:
        return None
    return estimate(len(task.plan.steps), past.took(session, task.place.team))


def _nearly_spent(session: Session, task: Task) -> tuple[str, ...]:
    if task.state.is_over:
        return ()
    told = events.since_retry(session, task.id, News.NEARLY_SPENT)
    return tuple(str(data["what"]) for data in told)


def _activity(session: Session, task: Task, open_calls: list[Entry]) -> str:
    if task.state is not TaskState.WORKING:
        return ""
    if task.stop_by:
        return "Stopping"
    working = [entry for entry in open_calls if entry.call.tool != "update_plan"]
    if any(BETWEEN in entry.call.tool for entry in working) and (far := _far(session, task, working)):
        return far
    return working[0].preview if working else "Thinking"


def _far(session: Session, task: Task, working: list[Entry]) -> str:
    """Of the call whose server last told how far it is."""
    told = events.last_told(session, task.id, News.PROGRESS) or {}
    meant = (entry for entry in working if effect_id(task, entry.call) == told.get("effect"))
    return next((f"{entry.preview} · {told['progress']}" for entry in meant), "")


def _call_line(entry: Entry, *, is_left_over: bool) -> LogLine:
    outcome = _OUTCOMES.get(entry.state) or ("failed" if entry.is_error else "ok")
    if is_left_over and not entry.state.has_answer:
        outcome = "not executed"
    if entry.state is CallState.REFUSED and entry.begun_at is not None:  # closed by a stop while it ran
        outcome = "unknown"
    why = entry.text if entry.is_error else entry.reason
    return LogLine(at=entry.ended_at or entry.at, what=entry.preview, outcome=outcome, why=why)


def _decision_line(approval: Approval) -> LogLine:
    who = approval.decided_by.name if approval.decided_by else "Somebody"
    said = "" if approval.state is ApprovalState.APPROVED else approval.words
    return LogLine(
        at=approval.decided_at or approval.created_at,
        what=f"{who}: {approval.draft.title}",
        outcome=approval.state,
        why=said,
    )
