"""A process that dies at a chosen write, and the next one that goes on with its database and its files."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import URL

from bot.domain.approval import Approval, ApprovalState, Decision
from bot.domain.call import Call, Result
from bot.domain.task import Task, TaskState
from bot.engine.bench import Bench
from bot.store import approvals, calls, leases, outbox
from bot.store.calls import CallState
from bot.store.database import Database, Session
from bot.store.messages import Message
from tests.engine.office import ANA, GOAL, Office

MOST_LIVES = 60


class Died(BaseException):
    """The process is gone; nothing of ours catches this."""


@dataclass(frozen=True, kw_only=True)
class Death:
    """At the write of this number: before its commit, or right after it. `again`: so does every later process."""

    at: int
    is_after: bool = False
    again: bool = False


class MortalDatabase(Database):
    """Counts its writes, and dies at one of them. `intents` are the writes after which a call was begun."""

    def __init__(self, url: str | URL) -> None:
        super().__init__(url)
        self.reborn(None)

    def reborn(self, death: Death | None) -> None:
        """A new process: no connection of the one before is left."""
        self.close()
        self.writes = 0
        self.intents: list[int] = []
        self._death = death
        self._is_dead = False

    @contextlib.contextmanager
    def write(self, name: str) -> Iterator[Session]:
        if self._is_dead:
            raise Died
        self.writes += 1
        number = self.writes
        with super().write(name) as session:
            yield session
            session.flush()
            if any(entry.state is CallState.BEGUN for entry in calls.of_task(session, 1)):
                self.intents.append(number)
            self._die_at(number, is_after=False)
        self._die_at(number, is_after=True)

    def _die_at(self, number: int, *, is_after: bool) -> None:
        """The dead write nothing more, whatever they still run through."""
        if self._death is not None and (self._death.at, self._death.is_after) == (number, is_after):
            self._is_dead = True
            raise Died


@dataclass(kw_only=True)
class Story:
    """What came of one task over all its processes."""

    office: Office
    task: Task
    history: list[Message]
    approvals: list[Approval]
    posts: set[str]
    ran: Counter[str]
    lives: int
    writes: int
    intents: list[int]
    kept: list[list[Message]] = field(default_factory=list)

    @property
    def is_append_only(self) -> bool:
        """Every process left a beginning of the final history, byte for byte."""
        return all(self.history[: len(kept)] == kept for kept in self.kept)

    @property
    def outcome(self) -> dict[str, Any]:
        """What must be the same however often the process died."""
        snapshot = self.office.record.snapshot(self.task.id)
        done = [entry for entry in self.office.entries(self.task.id) if entry.state is CallState.ANSWERED]
        return {
            "state": self.task.state,
            "answer": self.task.answer,
            "tree": self.office.tree(),
            "approvals": [(one.draft.kind, one.state) for one in self.approvals],
            "receipts": [receipt.where.rpartition("/")[2] for receipt in snapshot.receipts],
            "deliverables": [handed.title for handed in snapshot.deliverables],
            "errors": [entry.preview for entry in done if entry.is_error],
            "turns": len(self.history),
            "posts": len(self.posts),
        }


def lived(
    database: MortalDatabase,
    new_office: Callable[[], Office],
    death: Death | None,
    goal: str = GOAL,
    *,
    later: Sequence[Death] = (),
    clicks: int = 1,
) -> Story:
    """The task from its start to its end, with a new process on the same database after each death.

    `later` are the deaths of the processes that follow. The person clicks so often, at every request.
    """
    planned = [death, *later]
    kept: list[list[Message]] = []
    ran: Counter[str] = Counter()
    for life in range(1, MOST_LIVES):
        is_again = death is not None and death.again
        database.reborn(death if is_again else planned[life - 1] if life <= len(planned) else None)
        office = new_office()
        office.laid_out = lambda bench: counting(bench, ran)
        try:
            with database.write("test") as session:
                leases.take_all_back(session, now=office.clock())
            task = _finished(office, goal, clicks)
        except Died:
            kept.append(office.history(1))
            continue
        with database.read() as session:
            put = approvals.of_task(session, task.id)
            posts = {post.key for post in outbox.due(session, now=office.clock())}
        return Story(
            office=office,
            task=task,
            history=office.history(task.id),
            approvals=put,
            posts=posts,
            ran=ran,
            lives=life,
            writes=database.writes,
            intents=database.intents,
            kept=kept,
        )
    raise AssertionError(f"the task did not end in {MOST_LIVES} lives")


def _finished(office: Office, goal: str, clicks: int) -> Task:
    task_id = office.start(goal, key="T1:Ev1")
    while (task := office.work(task_id)).state is TaskState.WAITING:
        approval = office.pending(task_id)
        assert approval.draft.actions, "a question was asked"
        decision = Decision(state=ApprovalState.APPROVED)
        for _ in range(clicks):
            office.intake.decide(ANA, approval.id, decision)
    return task


def counting(bench: Bench, ran: Counter[str]) -> Bench:
    """Count what was really done: the calls that change something and did not fail."""
    run = bench.toolbox.run

    def counted(call: Call) -> Result:
        result = run(call)
        if not result.is_error and not bench.toolbox.is_harmless(call):
            ran[f"{call.tool} {[str(value).rpartition('/')[2] for value in call.input.values()]}"] += 1
        return result

    bench.toolbox.run = counted  # type: ignore[method-assign]
    return bench
